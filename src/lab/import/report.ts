// The end of an import: what became of its rows, the bad ones with their lines, and whether it went well.
import { writeFileSync } from "node:fs";
import type { Refused } from "./survey.ts";

/** Bad rows that are shown one by one. */
const SHOWN = 10;

export type Outcome = {
  /** What is counted, in the order in which it is told. */
  counts: readonly (readonly [name: string, count: number])[];
  refused: readonly Refused[];
  /** Sentences about what was taken otherwise than it stands. */
  notes?: readonly string[];
  /** Sentences about what was read, but not kept. */
  losses: readonly string[];
};

export function printOutcome({ counts, refused, notes = [], losses }: Outcome): string {
  const byCode = new Map<string, number>();
  for (const { code } of refused) byCode.set(code, (byCode.get(code) ?? 0) + 1);
  return [
    counts.map(([name, count]) => `${count} ${name}`).join(", "),
    ...[...byCode].map(([code, count]) => `  refused as ${code}: ${count}`),
    ...refused
      .slice(0, SHOWN)
      .map(({ line, code, message }) => `  line ${line}: ${code}: ${message}`),
    ...(refused.length > SHOWN
      ? [`  and ${refused.length - SHOWN} more; --rejected <file> writes all`]
      : []),
    ...notes.map((note) => `  ${note}`),
    ...losses,
  ].join("\n");
}

/** One JSON object a line. */
export function writeRefused(path: string, refused: readonly Refused[]): void {
  writeFileSync(path, refused.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

/** 0 where every row was taken, or what was refused is accepted. */
export function toExitCode({ refused, losses }: Outcome, allowRejected: boolean): number {
  if (losses.length > 0) return 1;
  return refused.length === 0 || allowRejected ? 0 : 1;
}
