// Items as JSON: one a line, or one array of them.
import { decodeText } from "../../files/open-bytes.ts";
import { readElements } from "../../files/json-array.ts";
import { readLines } from "../../files/lines.ts";
import { parseJson } from "../../shop/read/json.ts";
import { MAX_ITEM, refuseLong, refuseRow, type FeedRow } from "./feed-row.ts";

export async function* readNdjson(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FeedRow> {
  for await (const line of readLines(bytes, MAX_ITEM)) {
    if (line.kind === "too_long") yield refuseLong(line.number);
    else if (line.kind === "not_utf8") {
      yield refuseRow(line.number, "invalid_utf8", "The line is not valid UTF-8.");
    } else yield readFields(line.text, line.number);
  }
}

/** `line` of a row is the number of its element, from 1: an array may be one line. */
export async function* readJsonArray(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FeedRow> {
  let number = 0;
  for await (const element of readElements(decodeText(bytes), MAX_ITEM)) {
    if (element.kind === "broken") {
      yield { kind: "broken", line: number + 1, message: element.message };
      return;
    }
    ({ number } = element);
    yield element.kind === "too_long" ? refuseLong(number) : readFields(element.text, number);
  }
}

function readFields(text: string, line: number): FeedRow {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    return refuseRow(line, "invalid_json", "The line is not valid JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refuseRow(line, "invalid_json", "An item must be a JSON object.");
  }
  return { kind: "item", line, size: text.length, fields: { ...value } };
}
