// Session files of the next-item benchmarks. train: one session a line, item ids separated by spaces.
// test: `context ids<TAB>target id`. They carry no time: order is all there is.
import { createInterface } from "node:readline";
import { deriveEventId } from "./event-id.ts";
import { Skips } from "./skips.ts";
import { CONSENT, SourceError } from "./source-event.ts";
import type { Source, SourceEvent } from "./source-event.ts";
import { explainReadError, openText } from "./text-file.ts";

export type TestPair = { context: string[]; target: string };

/** One click a second from a fixed day on, so that order in the file is order in time. */
const FIRST_CLICK_MS = Date.UTC(2020, 0, 1);
const CLICK_STEP_MS = 1000;

async function* readLines(path: string): AsyncGenerator<{ number: number; text: string }> {
  const input = openText(path);
  let number = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      number++;
      if (line.trim() !== "") yield { number, text: line.trim() };
    }
  } catch (error) {
    throw explainReadError(path, error);
  } finally {
    input.destroy();
  }
}

function splitIds(text: string): string[] {
  return text.split(/\s+/).filter((id) => id !== "");
}

/** All sessions in file order, oldest first. */
export async function readSessionFile(path: string): Promise<string[][]> {
  const sessions: string[][] = [];
  for await (const line of readLines(path)) {
    if (line.text.includes("\t")) {
      throw new SourceError(
        `${path} holds test pairs (line ${line.number} has a tab), not sessions.`,
      );
    }
    sessions.push(splitIds(line.text));
  }
  if (sessions.length === 0) throw new SourceError(`${path} holds no session.`);
  return sessions;
}

/** All test pairs in file order. */
export async function readTestFile(path: string): Promise<TestPair[]> {
  const pairs: TestPair[] = [];
  for await (const line of readLines(path)) {
    const [context, target, more] = line.text.split("\t").map(splitIds);
    const next = target?.[0];
    if (!context?.length || next === undefined || target?.length !== 1 || more !== undefined) {
      throw new SourceError(`Line ${line.number} of ${path} is not "context ids<TAB>target id".`);
    }
    pairs.push({ context, target: next });
  }
  if (pairs.length === 0) throw new SourceError(`${path} holds no test pair.`);
  return pairs;
}

/** Plays a session file as views; each session is a shopper of its own. */
export function openSessions(path: string): Source {
  const skips = new Skips();
  return {
    name: "sessions",
    async *events(): AsyncGenerator<SourceEvent> {
      skips.reset();
      let clicks = 0;
      for (const [row, session] of (await readSessionFile(path)).entries()) {
        for (const [index, item_id] of session.entries()) {
          yield {
            event_id: deriveEventId("sessions", `${row + 1}.${index + 1}`, item_id),
            name: "view_item",
            timestamp: FIRST_CLICK_MS + clicks++ * CLICK_STEP_MS,
            anonymous_id: `session-${row + 1}`,
            session_id: `session-${row + 1}`,
            items: [{ item_id, quantity: 1 }],
            consent: CONSENT,
          };
        }
      }
    },
    async catalogue() {
      const ids = new Set((await readSessionFile(path)).flat());
      return [...ids].map((item_id) => ({ item_id }));
    },
    skipped: () => skips.toRecord(),
    lost: () => skips.lost,
  };
}
