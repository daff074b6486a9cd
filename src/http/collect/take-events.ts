// What becomes of a request's messages, whichever route they came by: taken, sent on to the log, and told of.
import type { Context } from "hono";
import { openShopper } from "../../../durable/stubs.ts";
import { findInCatalog } from "../../ingest/fill.ts";
import { ingestEvents, type Outcome } from "../../ingest/ingest.ts";
import type { RejectionCode } from "../../ingest/rejection.ts";
import { describeRejected, describeRejectedLine } from "../../ingest/rejected.ts";
import { holdIsolate } from "../../isolate/open-isolate.ts";
import { sendBotEvents, sendEntries, sendGoods, sendRejected } from "../../log/send.ts";
import { toGoods } from "../../log/stock/goods.ts";
import { readSettings } from "../../shop/settings.ts";
import type { AppEnv, KeyKind } from "../middleware/app-env.ts";
import { readBot } from "../middleware/bot.ts";
import { fail } from "../middleware/errors.ts";
import { openProver } from "../middleware/proof/prove-user.ts";
import { readEdge } from "../storefront/edge.ts";
import { admitEvents, admitEventsOf, refuseForNow } from "../middleware/rate-limit.ts";
import { readSending } from "./sending.ts";
import { summarise, type Verdicts } from "./verdicts.ts";
import { log } from "../../../durable/log-line.ts";

/** As many as libraries for servers put into one request, and more. */
export const MAX_EVENTS = 500;

/** How a handler that calls `takeRequest` may fail. */
export const TAKE_FAILS = [
  "invalid_json",
  "invalid_request",
  "batch_too_large",
  "body_too_large",
  "unsupported_media_type",
  "unavailable",
] as const;

export type TakeOptions = {
  /** What the route itself says of each message. */
  change?: (row: unknown) => unknown;
  /** Events of the past: when they were sent says nothing of the clock that timed them. */
  isHistory?: boolean;
  /** Hears, before the answer, whose event was taken last, by pseudonym; null where none was. */
  onTaken?: (shopper: string | null) => Promise<void>;
};

/**
 * Reads the request's messages and takes them.
 * @param present gives the answer; every message is in it
 */
export async function takeRequest(
  c: Context<AppEnv>,
  present: (verdicts: Verdicts) => Response,
  { change = (row) => row, isHistory = false, onTaken }: TakeOptions = {},
): Promise<Response> {
  const sending = await readSending(c);
  if (!sending.ok) return sending.reason;
  const { key } = sending.value;
  const rows = sending.value.rows.map(change);
  if (rows.length > MAX_EVENTS)
    return fail(c, "batch_too_large", `Send at most ${MAX_EVENTS} events at once.`);
  const verdicts = await takeEvents(c, rows, { key, isHistory, ...(onTaken && { onTaken }) });
  if (verdicts === "rate_limited") return refuseForNow(c);
  if (verdicts === null) return fail(c, "unavailable", "No event could be kept; send them again.");
  return present(verdicts);
}

/**
 * Null where none could be kept.
 * @param options `owner` is the pseudonym of the shopper whose all of them are, where no id tells it
 */
export async function takeEvents(
  c: Context<AppEnv>,
  rows: readonly unknown[],
  options: { key: KeyKind; isHistory: boolean; owner?: string } & Pick<TakeOptions, "onTaken">,
): Promise<Verdicts | "rate_limited" | null> {
  const { key, isHistory, owner, onTaken } = options;
  const isLimited = key === "publishable";
  if (isLimited && !(await admitEvents(c, rows.length))) return "rate_limited";
  const now = Date.now();
  const known = readSettings(c.env);
  const settings =
    owner === undefined ? known : { ...known, pseudonymise: () => Promise.resolve(owner) };
  const proveUser = openProver(c, key);
  const { isolate } = holdIsolate(c.env);
  await isolate.keepItems(now, (work) => c.executionCtx.waitUntil(work));
  const { outcomes, entries, orders, bots } = await ingestEvents(rows, {
    ...settings,
    proveUser,
    now,
    trusted: key === "secret",
    isHistory,
    edge: readEdge(c, key),
    bot: readBot(c, key),
    refusesMarketing: c.req.header("sec-gpc") === "1",
    findItem: findInCatalog(isolate.catalog),
    openShopper: (pseudonym) => openShopper(c.env.SHOPPER, pseudonym),
    ...(isLimited ? { admit: (who, events) => admitEventsOf(c.env, who, events) } : {}),
  });
  const request_id = c.get("requestId");
  c.executionCtx.waitUntil(sendOrReport(() => sendEntries(c.env.LOG_QUEUE, entries), request_id));
  // What is logged is told by the log as well, though not whether the shop itself said so.
  const isTrusted = key === "secret";
  const moved = orders.filter(({ isLogged }) => isTrusted || !isLogged);
  const keepGoods = async () => {
    const goods = await Promise.all(moved.map(({ event }) => toGoods(event, isTrusted)));
    await sendGoods(
      c.env.LOG_QUEUE,
      goods.filter((each) => each !== null),
    );
  };
  c.executionCtx.waitUntil(sendOrReport(keepGoods, request_id));
  const keepBots = () => sendBotEvents(c.env.LOG_QUEUE, bots);
  c.executionCtx.waitUntil(sendOrReport(keepBots, request_id));
  const keep = () =>
    keepRejected(rows, outcomes, { now, ...settings, proveUser, queue: c.env.LOG_QUEUE });
  c.executionCtx.waitUntil(sendOrReport(keep, request_id));
  await onTaken?.(entries.at(-1)?.shopper ?? null);
  if (isAll(outcomes, "unavailable")) return null;
  return isAll(outcomes, "rate_limited") ? "rate_limited" : summarise(rows, outcomes);
}

/** Entries that the queue does not take now, the objects send again later; a refused row is not worth more. */
async function sendOrReport(send: () => Promise<void>, request_id: string): Promise<void> {
  try {
    await send();
  } catch (error) {
    log("warn", "queue_refused", { request_id }, error);
  }
}

function isAll(outcomes: readonly Outcome[], code: RejectionCode): boolean {
  return outcomes.length > 0 && outcomes.every((outcome) => isFor(outcome, code));
}

function isFor(outcome: Outcome, code: RejectionCode): boolean {
  return outcome.kind === "refused" && outcome.rejection.code === code;
}

/** Of what is to be sent again nothing is kept. */
function isForNow(outcome: Outcome): boolean {
  return isFor(outcome, "unavailable") || isFor(outcome, "rate_limited");
}

async function keepRejected(
  rows: readonly unknown[],
  outcomes: readonly Outcome[],
  { queue, ...settings }: Parameters<typeof describeRejected>[2] & { queue: Queue },
): Promise<void> {
  const descriptions = outcomes.flatMap((outcome, index) => {
    if (outcome.kind === "kept") {
      return outcome.notes.lines.map((line) => describeRejectedLine(rows[index], line, settings));
    }
    if (outcome.kind !== "refused" || isForNow(outcome)) return [];
    return [describeRejected(rows[index], outcome.rejection, settings)];
  });
  await sendRejected(queue, await Promise.all(descriptions));
}
