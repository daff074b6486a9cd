// From a parsed request to the answer: brings the isolate up to date, runs the pipeline, logs what was shown.
import type { Context } from "hono";
import type { Consent } from "../../durable/contract.ts";
import type { RecommendRequest } from "../recommend/contract.ts";
import { listImpressions } from "../recommend/impressions.ts";
import { recommend } from "../recommend/recommend.ts";
import type { ShopperView } from "../recommend/recommend.ts";
import { withinBudget } from "../recommend/refresher.ts";
import { readSettings } from "../stream/settings.ts";
import { readSnapshot } from "./find-shopper.ts";
import { holdIsolate } from "./isolate.ts";
import { presentRecommendation, presentTimings } from "./recommendation.ts";
import type { AppEnv } from "./router.ts";

/** ms. A page does better with a list that is not personal than with none. */
const SHOPPER_BUDGET = 300;

/** `consent`: what this request says of it, or null where what the shopper last said holds. */
export async function answerList(
  c: Context<AppEnv>,
  request: RecommendRequest,
  consent: Consent | null,
) {
  const { answer } = await makeList(c, request, consent);
  return c.json(answer, 200);
}

/** The same for a route that has more to say. */
export async function makeList(
  c: Context<AppEnv>,
  request: RecommendRequest,
  consent: Consent | null,
) {
  const { money, default_consent } = readSettings(c.env);
  const { isolate, impressions } = holdIsolate(c.env);
  const waitUntil = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  const now = Date.now();
  let analytics = (consent ?? default_consent).analytics;

  async function readShopper(shopper: string): Promise<ShopperView | undefined> {
    try {
      const snapshot = await withinBudget(readSnapshot(shopper, c.env), SHOPPER_BUDGET);
      if (snapshot === undefined || snapshot === null) return undefined;
      const held = consent ?? snapshot.consent ?? default_consent;
      ({ analytics } = held);
      const { shopper: known, state } = snapshot;
      return { shopper: known, state, personalization: held.personalization };
    } catch (error) {
      // The list goes on without the shopper and says so.
      console.error(JSON.stringify({ message: "shopper not read", error: String(error) }));
      return undefined;
    }
  }

  const degraded = await isolate.keepUp(now, waitUntil);
  const { catalog, live, models, policies, declared } = isolate;
  const shown = await recommend(
    {
      catalog,
      live,
      policies,
      experiments: declared.experiments,
      models: models.champion,
      readShopper,
      degraded,
      now,
      clock: () => performance.now(),
      createId: () => crypto.randomUUID(),
    },
    request,
  );
  if (analytics) impressions.add(listImpressions(catalog, request, shown, now), waitUntil);
  c.header("server-timing", presentTimings(shown.timings));
  return { answer: presentRecommendation(shown, catalog, money), catalog };
}
