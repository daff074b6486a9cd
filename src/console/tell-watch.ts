// Tells browsers that watch what the log has taken. While nobody watches, it asks only now and then whether somebody does.
import { log } from "../../durable/log-line.ts";
import { openWatch, type WatchNamespace } from "../../durable/stubs.ts";
import type { QueueMessage } from "../log/message.ts";
import { readNews } from "./news.ts";

/** A browser that begins to watch waits this long for its first news at most, ms. */
const QUIET_MS = 3000;

type Bindings = { WATCH: WatchNamespace };

/** Until when nobody is told anything, by bindings: ms since the epoch. */
const QUIET = new WeakMap<Bindings, number>();

/** Never fails: the log is kept whether or not somebody sees it. */
export async function tellWatch(
  bindings: Bindings,
  messages: readonly QueueMessage[],
  now: number,
): Promise<void> {
  const quiet = (QUIET.get(bindings) ?? 0) - now;
  // A clock that was set back must not keep silence for longer.
  if (quiet > 0 && quiet <= QUIET_MS) return;
  const news = readNews(messages, now);
  if (news === null) return;
  try {
    const watching = await openWatch(bindings.WATCH).tell(JSON.stringify(news));
    if (watching === 0) QUIET.set(bindings, now + QUIET_MS);
  } catch (error) {
    log("warn", "watch_not_told", {}, error);
    QUIET.set(bindings, now + QUIET_MS);
  }
}
