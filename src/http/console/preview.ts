// POST /v1/preview: the list that a shopper would get, under the rules and models that are asked about. Nothing of it is
// logged or counts.
import * as z from "zod";
import { VERSION_PATTERN } from "../../../models/registry/keys.ts";
import { holdIsolate } from "../../isolate/open-isolate.ts";
import type { ModelNames } from "../../recommend/rank/model-set.ts";
import { PAGES } from "../../recommend/contract.ts";
import { Policy, readPolicy } from "../../recommend/rules/policy.ts";
import { PSEUDONYM } from "../../shop/pseudonym.ts";
import { readSettings } from "../../shop/settings.ts";
import { toMinorUnits } from "../../shop/units.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { fail } from "../middleware/errors.ts";
import { Id } from "../middleware/id.ts";
import { createRouter } from "../middleware/router.ts";
import { scalePrices } from "../shop/rules.ts";
import { makeList } from "../storefront/answer-list.ts";
import { RecommendationSchema } from "../storefront/recommendation.ts";

/** As declared rules may have, bytes. */
const BODY_LIMIT = 1024 * 1024;
const MAX_LIMIT = 100;

const SURFACES = [...PAGES, "similar", "bought_together", "trending"] as const;
const Version = z.string().regex(VERSION_PATTERN).optional();

const Question = z.strictObject({
  surface: z.enum(SURFACES).default("home"),
  shopper: z
    .string()
    .regex(PSEUDONYM)
    .optional()
    .describe("Pseudonym; nobody in particular when absent."),
  item_id: Id.optional(),
  category: z.string().max(1000).optional(),
  limit: z.int().min(1).max(MAX_LIMIT).default(20),
  rules: Policy.optional().describe("In place of those that are declared."),
  models: z
    .strictObject({ next_item: Version, ranking: Version })
    .optional()
    .describe("Versions in place of those that serve."),
});

export const preview = createRouter();

preview.openapi(
  defineRoute("inspect", {
    method: "post",
    path: "/preview",
    maxBytes: BODY_LIMIT,
    tags: ["recommendations"],
    summary: "See a list without showing it",
    description:
      "As `GET /v1/recommendations` with `explain=1`, outside experiments, and without a trace: no impression, no shadow.",
    request: { body: { required: true, content: { "application/json": { schema: Question } } } },
    answers: {
      200: {
        description: "The list.",
        content: { "application/json": { schema: RecommendationSchema } },
      },
    },
    fails: ["invalid_request", "unprocessable"],
  }),
  async (c) => {
    const { rules, models: names, shopper, ...asked } = c.req.valid("json");
    if (asked.surface === "category" && asked.category === undefined)
      return fail(c, "invalid_request", "category: the surface `category` needs one.");
    const policy = rules === undefined ? null : toStored(rules, readSettings(c.env).money.scale);
    if (rules !== undefined && policy === null)
      return fail(c, "invalid_request", "filters: a price is too large to be kept.");
    const opened = await openModels(c.env, names ?? {});
    if (opened.reason !== null) return fail(c, "unprocessable", opened.reason);
    const request = {
      surface: asked.surface,
      shopper: shopper ?? null,
      item_id: asked.item_id ?? null,
      limit: asked.limit,
      exclude: [],
      category: asked.category ?? null,
      min_price: null,
      max_price: null,
      seen: null,
      visit: { country: null, device: null, referrer: null },
      cursor: null,
      explain: true,
      given: null,
    };
    const whom = { consent: null, isUnverified: false };
    const { answer } = await makeList(c, request, whom, { policy, models: opened.set });
    return c.json(answer, 200);
  },
);

/** As it would be read back once declared. */
function toStored(rules: Policy, scale: number): Policy | null {
  return readPolicy(JSON.stringify(scalePrices(rules, (price) => toMinorUnits(price, scale))));
}

async function openModels(env: Env, names: ModelNames) {
  const { isolate, tryOut } = holdIsolate(env);
  const tasks = { "next-item": names.next_item, ranking: names.ranking } as const;
  for (const task of ["next-item", "ranking"] as const) {
    const version = tasks[task];
    if (version === undefined) continue;
    const tried = await tryOut(task, version);
    if (!tried.ok) return { set: null, reason: tried.reason };
  }
  if (names.next_item === undefined && names.ranking === undefined)
    return { set: null, reason: null };
  return await isolate.models.openBriefly(names, Date.now());
}
