// Which lines of a cart an event speaks of, though a shop may name the same goods by variant in one place and by
// product in another.
import type { ItemLine } from "../event.ts";

export type Goods = Pick<ItemLine, "item_id" | "variant" | "group_id">;

type Rule = (line: Goods, item: Goods) => boolean;

/**
 * The lines that were ordered: each item's very variant where a line is that, else all lines of the item, else all of
 * its group.
 */
export function matchOrdered<Line extends Goods>(
  lines: readonly Line[],
  goods: readonly Goods[],
): Set<Line> {
  return match(lines, goods, [isSameVariant, isSameItem, isSameGroup]);
}

/** The lines that are taken out: never a variant when another one was named. */
export function matchRemoved<Line extends Goods>(lines: readonly Line[], item: Goods): Set<Line> {
  return match(lines, [item], [isSameVariant, isSameUnlessTold]);
}

function match<Line extends Goods>(
  lines: readonly Line[],
  goods: readonly Goods[],
  rules: readonly Rule[],
): Set<Line> {
  const matched = new Set<Line>();
  for (const item of goods) {
    for (const isMatch of rules) {
      const found = lines.filter((line) => isMatch(line, item));
      for (const line of found) matched.add(line);
      if (found.length > 0) break;
    }
  }
  return matched;
}

function isSameVariant(a: Goods, b: Goods): boolean {
  return a.item_id === b.item_id && a.variant === b.variant;
}

function isSameItem(a: Goods, b: Goods): boolean {
  return a.item_id === b.item_id;
}

function isSameUnlessTold(a: Goods, b: Goods): boolean {
  return a.item_id === b.item_id && (a.variant === null || b.variant === null);
}

/** Some name a product by its group where others name the variant. */
function isSameGroup(a: Goods, b: Goods): boolean {
  const isNamed = (id: string) => id === b.item_id || id === b.group_id;
  return isNamed(a.item_id) || (a.group_id !== null && isNamed(a.group_id));
}
