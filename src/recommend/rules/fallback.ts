// What fills a list up when the ranking does not suffice: what trends, then whatever the shop sells.
import type { Catalog } from "../../catalog/catalog.ts";
import type { LiveIndex } from "../../live/live-index.ts";
import type { Rules } from "./rules.ts";

/** Items looked at before the next check whether the list is full. */
const STEP = 512;

/** The ranking, then the fallbacks, each made only when the ones before did not fill the list. */
export function* listFallbacks(
  ranking: readonly number[],
  { catalog, live }: { catalog: Catalog; live: LiveIndex },
  rules: Rules,
): Generator<readonly number[]> {
  yield ranking;
  // A list that the shop gave is all in its ranking already.
  if (rules.only !== null) return;
  yield live.trending.rankAll();
  if (rules.categories !== null) {
    for (const code of rules.categories.keys()) {
      if (rules.categories[code] !== 1) continue;
      const members = catalog.members[code] ?? [];
      yield live.trending.rankCategory(code, members);
      yield members;
    }
    return;
  }
  for (let start = 0; start < catalog.size; start += STEP) {
    const length = Math.min(STEP, catalog.size - start);
    yield Array.from({ length }, (_, i) => start + i);
  }
}
