// From a parsed request to the answer: brings the isolate up to date, runs the pipeline, logs what was shown.
import type { Context } from "hono";
import type { Consent, Snapshot } from "../../../durable/contract.ts";
import type { Asked } from "./ask-shopper.ts";
import type { RecommendRequest } from "../../recommend/contract.ts";
import type { Isolate } from "../../isolate/isolate.ts";
import { describeShown } from "../../isolate/shown-lists.ts";
import type { ModelNames, ModelSet } from "../../recommend/rank/model-set.ts";
import { recommend } from "../../recommend/recommend.ts";
import { PolicyBook } from "../../recommend/rules/policy-book.ts";
import type { Policy } from "../../recommend/rules/policy.ts";
import type { ShopperView } from "../../recommend/deps.ts";
import { withinBudget } from "../../isolate/refresher.ts";
import { SURFACE_TABLE } from "../../recommend/surfaces.ts";
import { readSettings } from "../../shop/settings.ts";
import { readSnapshot } from "../shop/find-shopper.ts";
import { holdIsolate } from "../../isolate/open-isolate.ts";
import { presentRecommendation, presentTimings } from "./recommendation.ts";
import type { AppEnv } from "../middleware/app-env.ts";
import { readBot } from "../middleware/bot.ts";
import { log } from "../../../durable/log-line.ts";

/** ms, of the whole answer's budget. A page does better with a list that is not personal than with none. */
const SHOPPER_BUDGET = 300;

const NOTHING_SAID: Consent = { analytics: false, personalization: false };

type AskedFor = Omit<Asked, "shopper">;

/** For lists that are the same for everybody. */
export const NOBODY_ASKED: AskedFor = { consent: null, isUnverified: false };

/** A list that nobody is shown: no experiment, no trace, and other rules or models where these are not null. */
export type Preview = { policy: Policy | null; models: ModelSet | null };

export async function answerList(c: Context<AppEnv>, request: RecommendRequest, asked: AskedFor) {
  const { answer } = await makeList(c, request, asked);
  return c.json(answer, 200);
}

/** The same for a route that has more to say. */
export async function makeList(
  c: Context<AppEnv>,
  request: RecommendRequest,
  { consent, isUnverified }: AskedFor,
  preview: Preview | null = null,
) {
  const { money, default_consent } = readSettings(c.env);
  const { isolate, shown: shownLists, shadows } = holdIsolate(c.env);
  const waitUntil = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
  const now = Date.now();
  const { shopper } = request;
  const isPersonal = shopper !== null && SURFACE_TABLE[request.surface].personal;
  // Side by side with the isolate's own look at the shop, so that the two waits do not add up.
  const asked = isPersonal ? askShopper(shopper, c.env, c.get("requestId")) : null;
  const degraded = await isolate.keepUpFor(request.surface, now, waitUntil);
  const { catalog, live, models, declared } = isolate;
  const deps = {
    catalog,
    live,
    policies: bookFor(preview, request, isolate),
    experiments: preview === null ? declared.experiments : [],
    models: preview?.models ?? models.champion,
    findModels: (names: ModelNames) => models.find(names),
    async readShopper(): Promise<ShopperView | undefined> {
      const snapshot = await asked;
      if (!snapshot) return undefined;
      const { personalization } = consent ?? snapshot.consent ?? default_consent;
      return { shopper: snapshot.shopper, state: snapshot.state, personalization };
    },
    degraded,
    now,
    clock: () => performance.now(),
    createId: () => crypto.randomUUID(),
  };
  const { recommendation: shown, shadow } = await recommend(deps, request);
  const snapshot = await asked;
  // Of a shopper who cannot be asked nobody knows what was said before.
  const held = snapshot === undefined ? NOTHING_SAID : (snapshot?.consent ?? default_consent);
  // HEAD asks what GET would answer; nothing is shown to anybody.
  const isShown = preview === null && c.req.method !== "HEAD";
  const isLogged = (consent ?? held).analytics && isShown;
  if (isLogged && readBot(c, c.get("key")) === null) {
    shownLists.add(describeShown(catalog, request, shown, now), now, waitUntil);
    shadows.add(deps, request, shown, shadow, waitUntil);
  }
  c.header("server-timing", presentTimings(shown.timings));
  const answer = { ...presentRecommendation(shown, catalog, money), unverified: isUnverified };
  return { answer, catalog };
}

function bookFor(preview: Preview | null, { surface }: RecommendRequest, isolate: Isolate) {
  const policy = preview?.policy ?? null;
  if (policy === null) return isolate.policies;
  const book = new PolicyBook(isolate.catalog);
  book.replace(new Map([[surface, policy]]));
  return book;
}

/** Never rejects; undefined where the object cannot be had, or not in time. */
async function askShopper(
  shopper: string,
  env: Env,
  request_id: string,
): Promise<Snapshot | undefined> {
  try {
    return (await withinBudget(readSnapshot(shopper, env), SHOPPER_BUDGET)) ?? undefined;
  } catch (error) {
    // The list goes on without the shopper and says so.
    log("error", "shopper_not_read", { request_id }, error);
    return undefined;
  }
}
