// What reading a feed gives, whatever its form: the fields of one item, a line refused, or the end of what can be read.
import type { ItemFields } from "../line/read-item.ts";
import type { Refusal, RefusalCode } from "../line/refusal.ts";

export type FeedRow =
  /** `size`: characters, about. */
  | { kind: "item"; line: number; size: number; fields: ItemFields }
  | ({ kind: "refused"; line: number } & Refusal)
  /** Nothing after this was read. */
  | { kind: "broken"; line: number; message: string };

/** Characters of one item. Descriptions and attributes fit; the rest of an honest item is far smaller. */
export const MAX_ITEM = 65_536;

export function refuseRow(line: number, code: RefusalCode, message: string): FeedRow {
  return { kind: "refused", line, code, message };
}

export function refuseLong(line: number): FeedRow {
  return refuseRow(line, "line_too_long", `The item is longer than ${MAX_ITEM} characters.`);
}
