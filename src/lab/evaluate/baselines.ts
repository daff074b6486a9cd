// The retrievers as entrants: fed click by click, as the Worker feeds them.
import { asScorer } from "../../../models/baselines/as-scorer.ts";
import { CoVisitation, createMarkov } from "../../../models/baselines/co-visitation.ts";
import { ItemKnn } from "../../../models/baselines/item-knn.ts";
import { Popularity } from "../../../models/baselines/popularity.ts";
import { RecentlyViewed } from "../../../models/baselines/recently-viewed.ts";
import type { Retriever } from "../../../models/baselines/retriever.ts";
import { VmisKnn } from "../../../models/baselines/vmis-knn.ts";
import type { NextItemData } from "../../../models/next-item/data/dataset.ts";
import type { Contender } from "./contender.ts";

/** Session files have no times: a click a second stands in for them. */
const CLICK_STEP_MS = 1000;
/** "Recent" popularity forgets half within this share of the log. */
const RECENT_SHARE = 1 / 20;
/** Pairs fade slowly: of two seen equally often the more recent goes first. */
const PAIR_SHARE = 1 / 2;

/** `create` gets the log's size and its length in ms, for retrievers that have to hold or forget it. */
type Create = (log: { sessions: number; clicks: number; span: number }) => Retriever;

const BASELINES: Record<string, Create> = {
  "vmis-knn": ({ sessions, clicks }) => new VmisKnn({ maxSessions: sessions, maxClicks: clicks }),
  "co-visitation": ({ span }) => new CoVisitation({ halfLife: span * PAIR_SHARE }),
  markov: ({ span }) => createMarkov({ halfLife: span * PAIR_SHARE }),
  "item-knn": () => new ItemKnn(),
  "recent-popularity": ({ span }) =>
    new Popularity({ name: "recent-popularity", halfLife: span * RECENT_SHARE }),
  popularity: () => new Popularity(),
  "recently-viewed": () => new RecentlyViewed(),
  "recently-viewed + co-visitation": () => new RecentlyViewed({ pairs: true }),
};

export function listBaselines(): Contender[] {
  return Object.entries(BASELINES).map(([name, create]) => ({
    name,
    fit(data) {
      const started = performance.now();
      const retriever = learn(data, create);
      return Promise.resolve({
        scorer: asScorer(retriever, data.items),
        trainSeconds: (performance.now() - started) / 1000,
        release: () => Promise.resolve(),
      });
    },
  }));
}

function learn({ sessions }: NextItemData, create: Create): Retriever {
  const clicks = sessions.reduce((sum, session) => sum + session.items.length, 0);
  const first = sessions[0]?.times?.[0] ?? 0;
  const last = sessions.at(-1)?.times?.at(-1) ?? clicks * CLICK_STEP_MS;
  const retriever = create({ sessions: sessions.length, clicks, span: Math.max(1, last - first) });
  let seen = 0;
  for (const [session, { items, times }] of sessions.entries()) {
    for (const [index, item] of items.entries()) {
      const timestamp = times?.[index] ?? seen * CLICK_STEP_MS;
      retriever.observe({ session, item, timestamp });
      seen++;
    }
  }
  return retriever;
}
