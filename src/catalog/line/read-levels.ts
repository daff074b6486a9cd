// Stock levels as `PUT /v1/stock` gets them: read as leniently as those of a catalogue's lines.
import { accept, refuse, type Result } from "../../../durable/state/result.ts";
import { readNumber } from "../../shop/read/number.ts";
import { readId, UNREADABLE } from "../../shop/read/text.ts";
import { MAX_STOCK } from "./read-item.ts";

export type StockLevel = { item_id: string; stock: number | null };

/** All levels or a sentence about the first that cannot be read. */
export function readLevels(body: unknown): Result<StockLevel[]> {
  const items = typeof body === "object" && body !== null && "items" in body ? body.items : null;
  if (!Array.isArray(items)) return refuse("items: must be an array of levels.");
  const levels: StockLevel[] = [];
  for (const [place, item] of items.entries()) {
    const fields: unknown = item;
    if (typeof fields !== "object" || fields === null)
      return refuse(`items.${place}: is no object.`);
    const item_id = readId("item_id" in fields ? fields.item_id : null);
    if (item_id === null || item_id === UNREADABLE)
      return refuse(`items.${place}.item_id: is no id.`);
    if (!("stock" in fields) || fields.stock === undefined) {
      return refuse(`items.${place}.stock: is missing; null means unknown or unlimited.`);
    }
    const level = readNumber(fields.stock);
    if (level === UNREADABLE || (level !== null && level > MAX_STOCK)) {
      return refuse(`items.${place}.stock: must be a number, or null.`);
    }
    levels.push({ item_id, stock: level === null ? null : Math.max(0, level) });
  }
  return accept(levels);
}
