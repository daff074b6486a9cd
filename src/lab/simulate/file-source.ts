// Reads what `npm run simulate` wrote, as a source like the public logs.
import { createInterface } from "node:readline";
import { openText, explainReadError } from "../sources/text-file.ts";
import { SourceError } from "../sources/source-event.ts";
import type { SimulatedItem } from "./catalogue.ts";
import type { WireEvent } from "./wire.ts";

export type SimulatedLine = { item: SimulatedItem } | { event: WireEvent };

function isSimulatedLine(value: unknown): value is SimulatedLine {
  return typeof value === "object" && value !== null && ("item" in value || "event" in value);
}

function parseLine(path: string, text: string, number: number): SimulatedLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SourceError(`${path}: line ${number} is not JSON.`);
  }
  if (isSimulatedLine(value)) return value;
  throw new SourceError(`${path}: line ${number} has neither "item" nor "event".`);
}

async function* readLines(path: string): AsyncGenerator<SimulatedLine> {
  let number = 0;
  try {
    for await (const text of createInterface({ input: openText(path), crlfDelay: Infinity })) {
      number += 1;
      if (text !== "") yield parseLine(path, text, number);
    }
  } catch (error) {
    throw explainReadError(path, error);
  }
}

export function openSimulatedFile(path: string) {
  return {
    name: "simulated",
    async *events(): AsyncGenerator<WireEvent> {
      for await (const line of readLines(path)) if ("event" in line) yield line.event;
    },
    async catalogue(): Promise<SimulatedItem[]> {
      const items: SimulatedItem[] = [];
      for await (const line of readLines(path)) {
        if ("event" in line) break; // The items come first.
        items.push(line.item);
      }
      return items;
    },
    /** A simulated file has nothing to skip. */
    skipped: (): Record<string, number> => ({}),
    lost: () => 0,
  };
}
