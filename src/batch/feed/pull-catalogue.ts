// Hourly: takes in the feed at CATALOG_FEED_URL where it has changed. A large one takes several slices, each of which asks
// for it again and passes over what is written. Items that the feed does not have any more stay as they are.
import * as z from "zod";
import { log } from "../../../durable/log-line.ts";
import type { FeedRow } from "../../catalog/feed/feed-row.ts";
import { openFeed, type Feed } from "../../catalog/feed/open-feed.ts";
import { importItems } from "../../catalog/import-items.ts";
import { defineJob, JobError, type JobDeps, type Slice } from "../run/job.ts";
import { fetchFeed, NO_VERSION, type FeedVersion } from "./fetch-feed.ts";

/** Items of one slice: some seconds of parsing and writing. */
export const SLICE_ITEMS = 20_000;
/** Refused lines that the Worker's log tells of, a slice. */
const TOLD = 10;

const Version = z.object({ etag: z.string().nullable(), modified: z.string().nullable() });

const State = z.object({
  /** The version that was taken in to its end. */
  complete: Version,
  /** The version that is being taken in, and how many of its items and bad lines are behind us. */
  reading: Version,
  taken: z.number(),
});

type State = z.infer<typeof State>;

const ADVICE = "The next run tries again; what was read before is kept.";

export const pullCatalogue = defineJob<State>({
  name: "pull-catalogue",
  summary: "Takes in the feed at CATALOG_FEED_URL when it has changed.",
  state: State,
  begin: (last) =>
    Promise.resolve({ complete: last?.complete ?? NO_VERSION, reading: NO_VERSION, taken: 0 }),
  step: async (state, deps): Promise<Slice<State>> => {
    if (deps.feed === null) return { done: true, state, counts: {} };
    const answer = await fetchFeed(deps.feed.url, state.taken === 0 ? state.complete : NO_VERSION);
    if (answer.kind === "failed") {
      throw new JobError(`The feed cannot be read: ${answer.reason}.`, ADVICE);
    }
    if (answer.kind === "unchanged") return { done: true, state, counts: { unchanged: 1 } };
    const feed = await openFeed(answer.body, answer.type);
    return await takeSlice(feed, answer.version, state, deps);
  },
});

async function takeSlice(
  feed: Feed,
  version: FeedVersion,
  state: State,
  { DB, clock, feed: settings }: JobDeps,
): Promise<Slice<State>> {
  // Another version than the one begun: its lines are others, so it is read from its beginning.
  const skip = isSame(version, state.reading) ? state.taken : 0;
  const progress = { seen: 0, ended: true };
  const rows = takeRows(feed.rows, skip, progress);
  const convert = settings?.convert ?? (() => null);
  const report = await importItems(DB, { form: feed.form, rows }, convert, clock());
  for (const refused of report.errors.slice(0, TOLD)) log("warn", "feed_line_refused", refused);
  if (report.failed_at_line !== null) {
    throw new JobError(`Items from line ${report.failed_at_line} on could not be written.`, ADVICE);
  }
  if (!report.complete) {
    const { line, message } = report.errors.at(-1) ?? { line: 1, message: "" };
    throw new JobError(`The feed could be read up to line ${line} only: ${message}`, ADVICE);
  }
  const counts = { items: report.accepted, refused: report.rejected };
  if (!progress.ended) {
    const taken = skip + SLICE_ITEMS;
    return { done: false, state: { ...state, reading: version, taken }, counts };
  }
  if (progress.seen === 0) throw new JobError("There is no item in the feed.", ADVICE);
  return { done: true, state: { complete: version, reading: NO_VERSION, taken: 0 }, counts };
}

function isSame(a: FeedVersion, b: FeedVersion): boolean {
  return a.etag === b.etag && a.modified === b.modified;
}

/** The rows of one slice. `progress` tells afterwards whether the feed ended in it. */
async function* takeRows(
  rows: AsyncIterable<FeedRow>,
  skip: number,
  progress: { seen: number; ended: boolean },
): AsyncGenerator<FeedRow> {
  for await (const row of rows) {
    if (progress.seen >= skip + SLICE_ITEMS) {
      progress.ended = false;
      return;
    }
    progress.seen += 1;
    if (progress.seen > skip) yield row;
  }
}
