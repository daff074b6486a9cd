// A shop in memory with items, sessions and orders, and a way to ask it for lists as the Worker does.
import { Catalog } from "../../../src/catalog/catalog.ts";
import type { Recommendation, RecommendRequest } from "../../../src/recommend/contract.ts";
import { LiveIndex } from "../../../src/live/live-index.ts";
import { NO_MODELS } from "../../../src/recommend/rank/model-set.ts";
import { PolicyBook } from "../../../src/recommend/rules/policy-book.ts";
import { recommend } from "../../../src/recommend/recommend.ts";
import type { RecommendDeps } from "../../../src/recommend/deps.ts";
import { changedItem } from "../../support/changed-item.ts";

export const NOW = Date.UTC(2026, 0, 15);
const ITEMS = 60;
const CATEGORIES = 4;

export function makeShop({ events = 600 } = {}): RecommendDeps {
  const catalog = new Catalog();
  catalog.apply(
    Array.from({ length: ITEMS }, (_, i) =>
      changedItem(`item-${i}`, i + 1, {
        title: `Thing ${i % 7} of ${i % 3}`,
        category: `c${i % CATEGORIES}`,
        brand: `b${i % 5}`,
        price: 1000 + 10 * i,
        attributes: JSON.stringify({ colour: i % 2 === 0 ? "red" : "blue", size: i % 3 }),
        created_at: NOW - i * 3_600_000,
      }),
    ),
  );
  const live = new LiveIndex(catalog);
  live.observe(
    Array.from({ length: events }, (_, i) => ({
      seq: i + 1,
      shopper: `s${Math.floor(i / 4)}`,
      event_id: `e${i}`,
      name: i % 4 === 3 ? "purchase" : "view_item",
      timestamp: NOW - 600_000 + i,
      session_id: `s${Math.floor(i / 4)}`,
      linked_from: null,
      transaction_id: null,
      item_variant: null,
      item_id: `item-${(Math.floor(i / 4) * 7 + (i % 4) * 3) % ITEMS}`,
      country: i % 3 === 0 ? "NL" : "DE",
      device: "mobile",
      referrer: null,
    })),
  );
  let serial = 0;
  return {
    catalog,
    live,
    policies: new PolicyBook(catalog),
    experiments: [],
    models: NO_MODELS,
    findModels: () => null,
    readShopper: async () => undefined,
    degraded: [],
    now: NOW,
    clock: () => 0,
    createId: () => `00000000-0000-4000-8000-${String(++serial).padStart(12, "0")}`,
  };
}

export function makeRequest(change: Partial<RecommendRequest> = {}): RecommendRequest {
  return {
    surface: "home",
    shopper: null,
    item_id: null,
    limit: 10,
    exclude: [],
    category: null,
    min_price: null,
    max_price: null,
    seen: null,
    visit: { country: null, device: null, referrer: null },
    cursor: null,
    explain: false,
    given: null,
    ...change,
  };
}

/** The list alone. */
export async function listFor(
  shop: RecommendDeps,
  request: RecommendRequest,
): Promise<Recommendation> {
  return (await recommend(shop, request)).recommendation;
}
