// The two requests that a replay makes, and what it reads of their answers.
import { setTimeout as pause } from "node:timers/promises";
import { expectStatus, type Api } from "../../client/api.ts";
import type { WireEvent } from "../simulate/wire.ts";
import * as z from "zod";
import type { Ask } from "./batches.ts";
import { CUT } from "./tally.ts";

const IngestAnswer = z.object({
  accepted: z.number().int(),
  duplicates: z.number().int(),
  rejected: z.array(z.object({ index: z.number().int(), code: z.string(), message: z.string() })),
});

const RecommendationAnswer = z.object({
  items: z.array(z.object({ item_id: z.string() })),
  degraded: z.array(z.string()),
  model_version: z.string().nullable().default(null),
  ranking_version: z.string().nullable().default(null),
});

/** `rank` from 1, infinite beyond the cut; `latency` in ms; `degraded`: what the answer had to do without. */
export type AskResult = {
  rank: number;
  latency: number;
  degraded: string[];
  /** The models that took part, null for none. */
  nextItem: string | null;
  ranking: string | null;
};

export type PostResult = {
  accepted: number;
  duplicates: number;
  /** Codes and sentences of the events refused for good. */
  rejected: { code: string; message: string }[];
  /** Of each request that it took, ms. */
  latencies: number[];
};

/** The rejection that says nothing about the event: its shopper's object could not be reached. */
const UNAVAILABLE = "unavailable";
const RESEND_PAUSE_MS = 200;

export async function askNext(
  api: Api,
  { actor, target }: Pick<Ask, "actor" | "target">,
): Promise<AskResult> {
  const query = new URLSearchParams({
    surface: "home",
    [actor.id_type]: actor.id,
    limit: String(CUT),
    seen: "allow",
  });
  const answer = await api.send("GET", `/v1/recommendations?${query}`);
  const body = expectStatus(answer, 200, "GET /v1/recommendations");
  const { items, degraded, model_version, ranking_version } = RecommendationAnswer.parse(body);
  const index = items.findIndex((item) => item.item_id === target);
  return {
    rank: index === -1 ? Infinity : index + 1,
    latency: answer.latency,
    degraded,
    nextItem: model_version,
    ranking: ranking_version,
  };
}

/** Sends events until each has been judged; those refused as unavailable go again for up to `waitMs`. */
export async function postEvents(
  api: Api,
  events: WireEvent[],
  waitMs: number,
): Promise<PostResult> {
  const result: PostResult = { accepted: 0, duplicates: 0, rejected: [], latencies: [] };
  const deadline = performance.now() + waitMs;
  let rest = events;
  for (;;) {
    const sent = rest;
    const answer = await api.send("POST", "/v1/events", JSON.stringify({ events: sent }));
    const body = IngestAnswer.parse(expectStatus(answer, 202, "POST /v1/events"));
    const last = performance.now() > deadline;
    result.latencies.push(answer.latency);
    result.accepted += body.accepted;
    result.duplicates += body.duplicates;
    result.rejected.push(...body.rejected.filter(({ code }) => last || code !== UNAVAILABLE));
    rest = last
      ? []
      : body.rejected
          .filter(({ code }) => code === UNAVAILABLE)
          .flatMap(({ index }) => sent[index] ?? []);
    if (rest.length === 0) return result;
    await pause(RESEND_PAUSE_MS);
  }
}
