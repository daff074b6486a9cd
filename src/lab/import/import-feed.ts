// From a product feed to what became of its items.
import type { Api } from "../../client/api.ts";
import { startCount } from "../progress-bar.ts";
import type { Outcome } from "./report.ts";
import { readFeed, sendFeed, type FeedSent } from "./send-feed.ts";

/** @param from a file or an address. @throws SourceError with a sentence */
export async function importFeed(api: Api, from: string): Promise<Outcome> {
  const feed = await readFeed(from);
  const count = startCount("items");
  let sent: FeedSent | null = null;
  for await (sent of sendFeed(api, feed)) count.update(sent.read);
  count.stop();
  if (sent === null) throw new Error("A feed ends with what was sent.");
  const { read, accepted, refused, notes, complete } = sent;
  const losses = [
    ...(accepted === 0 ? [`${from}: nothing was read that is an item.`] : []),
    ...(complete ? [] : [`${from}: the feed could not be read to its end.`]),
  ];
  return {
    counts: [
      ["items read", read],
      ["taken", accepted],
    ],
    refused,
    notes: [...notes].map(([note, lines]) => `${note}: ${lines} lines`),
    losses,
  };
}
