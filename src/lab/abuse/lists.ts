// The lists that everybody sees, read as a new visitor reads them, and how far one has moved.
import * as z from "zod";
import type { Attacker } from "./attacker.ts";
import type { BusyShop } from "./busy-shop.ts";

/** How much of a list is looked at. */
const DEPTH = 20;

const Answer = z.object({ items: z.array(z.object({ item_id: z.string() })) });

export type Lists = ReadonlyMap<string, readonly string[]>;

export async function readLists(visitor: Attacker, { popular }: BusyShop): Promise<Lists> {
  const of = encodeURIComponent(popular);
  const paths = {
    trending: `/v1/trending?limit=${DEPTH}`,
    home: `/v1/recommendations?surface=home&limit=${DEPTH}&anonymous_id=new-visitor&country=NZ&device=desktop`,
    similar: `/v1/items/${of}/similar?limit=${DEPTH}`,
    "bought together": `/v1/items/${of}/bought-together?limit=${DEPTH}`,
  };
  const lists = new Map<string, readonly string[]>();
  for (const [name, path] of Object.entries(paths)) {
    const { items } = Answer.parse(await visitor.ask(path));
    lists.set(
      name,
      items.map(({ item_id }) => item_id),
    );
  }
  return lists;
}

/** The list that moved most, and its overlap; 1 where none has. */
export function compareLists(before: Lists, after: Lists): { list: string; overlap: number } {
  const overlaps = Array.from(before, ([list, items]) => {
    return { list, overlap: overlap(items, after.get(list) ?? []) };
  });
  return overlaps.reduce((a, b) => (b.overlap < a.overlap ? b : a), { list: "none", overlap: 1 });
}

/** Average overlap (Fagin et al., 2003): the share of common items in the first d, averaged over all d up to the end. */
export function overlap(a: readonly string[], b: readonly string[]): number {
  const depth = Math.max(a.length, b.length);
  if (depth === 0) return 1;
  let sum = 0;
  for (let d = 1; d <= depth; d++) {
    const top = new Set(a.slice(0, d));
    sum += b.slice(0, d).filter((item) => top.has(item)).length / d;
  }
  return sum / depth;
}
