// Objects in JSON, one a line or one array of them, each with where it stands. It knows nothing of what they mean.
import { readElements } from "./json-array.ts";
import { parseJson } from "./json.ts";
import { readLines } from "./lines.ts";
import { decodeText } from "./open-bytes.ts";

export type JsonRecord =
  /** `size` in characters. */
  | { kind: "record"; line: number; size: number; fields: Record<string, unknown> }
  | { kind: "bad"; line: number; reason: "too_long" | "not_utf8" | "no_json" | "no_object" }
  /** Nothing after this was read. */
  | { kind: "broken"; line: number; message: string };

/** @param maxSize of one record, bytes or characters */
export async function* readJsonLines(
  bytes: AsyncIterable<Uint8Array>,
  maxSize: number,
): AsyncGenerator<JsonRecord> {
  for await (const line of readLines(bytes, maxSize)) {
    yield line.kind === "line"
      ? readRecord(line.text, line.number)
      : { kind: "bad", line: line.number, reason: line.kind };
  }
}

/** `line` is the number of the element, from 1: an array may be one line. */
export async function* readJsonArray(
  bytes: AsyncIterable<Uint8Array>,
  maxSize: number,
): AsyncGenerator<JsonRecord> {
  let number = 0;
  for await (const element of readElements(decodeText(bytes), maxSize)) {
    if (element.kind === "broken") {
      yield { kind: "broken", line: number + 1, message: element.message };
      return;
    }
    ({ number } = element);
    yield element.kind === "element"
      ? readRecord(element.text, number)
      : { kind: "bad", line: number, reason: "too_long" };
  }
}

function readRecord(text: string, line: number): JsonRecord {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    return { kind: "bad", line, reason: "no_json" };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { kind: "bad", line, reason: "no_object" };
  }
  return { kind: "record", line, size: text.length, fields: { ...value } };
}

/** What a sender is told. */
export const JSON_FAULTS = {
  too_long: "It is too long.",
  not_utf8: "The line is not valid UTF-8.",
  no_json: "The line is not valid JSON.",
  no_object: "It must be a JSON object.",
};
