// Opens the reader of a ranking stage: its sources learn what the isolate has seen of the shop's clicks, or are taken over
// from a stage that has learned the same.
import { ListReader } from "../../../models/ranking/features/list-reader.ts";
import type { ItemVectors } from "../../../models/next-item/network/item-vectors.ts";
import type { RankingModel } from "../../../models/ranking/serve/open-ranking.ts";
import { createSources } from "../../../models/ranking/features/sources.ts";
import type { CatalogItem } from "../../catalog/catalog-item.ts";
import type { ClickedItem } from "../../live/clicked-items.ts";
import { MAX_PAIRS } from "../../live/live-index.ts";
import type { Follower, LiveIndex } from "../../live/live-index.ts";

/** Clicks that are learned from before others get their turn: 2 to 6 ms once the code is warm. */
const CHUNK = 200;

export type ReaderDeps = {
  live: LiveIndex;
  /** Of a stage that follows the same live index: what it has learned is not learned and held twice. */
  peer?: ListReader<ClickedItem> | null;
  /** Lets others have their turn. */
  yieldToRequests: () => Promise<void>;
};

/** A reader by the numbers of clicked items, up to the last buffered click when it is given. */
export async function openReader(
  model: Pick<RankingModel, "sources" | "logSize">,
  vectors: ItemVectors<CatalogItem>,
  { live, peer = null, yieldToRequests }: ReaderDeps,
): Promise<ListReader<ClickedItem>> {
  const reader = makeReader(model, vectors, live, peer);
  const learned = new Set(peer?.learners);
  const isShared = (learner: Follower) => learned.has(learner);
  await learn(
    reader.learners.filter((learner) => !isShared(learner)),
    live,
    yieldToRequests,
  );
  const isUpToDate = reader.learners.filter(isShared).every((each) => live.isFollowedBy(each));
  // Else the peer has gone in the meantime, and what it shared has missed clicks.
  return isUpToDate ? reader : await openReader(model, vectors, { live, yieldToRequests });
}

/** A function of its own: what it leaves in the reader must not keep all that the peer has learned alive. */
function makeReader(
  { sources: { names, encoders, shopper }, logSize }: Pick<RankingModel, "sources" | "logSize">,
  vectors: ItemVectors<CatalogItem>,
  { clicked }: LiveIndex,
  peer: ListReader<ClickedItem> | null,
): ListReader<ClickedItem> {
  return new ListReader({
    retrievers: createSources(logSize, { maxPairs: MAX_PAIRS, learned: peer?.retrievers }),
    statistics: peer?.statistics,
    encoders: names.slice(names.length - encoders),
    vectors: {
      dim: vectors.dim,
      read: (number, out) => vectors.read(clicked.itemOf(number), out),
    },
    shopper,
  });
}

/** Replays the buffered clicks, a part at a time, to the last. */
async function learn(
  learners: readonly Follower[],
  { clicks }: LiveIndex,
  yieldToRequests: () => Promise<void>,
): Promise<void> {
  for (let index = clicks.start; index < clicks.length;) {
    const end = Math.min(clicks.length, index + CHUNK);
    for (; index < end; index++) {
      const click = clicks.at(index);
      for (const learner of learners) learner.observe(click);
    }
    if (index < clicks.length) await yieldToRequests();
  }
}
