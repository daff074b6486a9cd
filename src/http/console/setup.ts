// GET /v1/setup: how the shop is set up, and how far it has come. Secret keys are named by their ends alone.
import * as z from "zod";
import { readFirstSteps } from "../../console/first-steps.ts";
import { holdIsolate } from "../../isolate/open-isolate.ts";
import { listSecrets } from "../../shop/identity.ts";
import { readSettings } from "../../shop/settings.ts";
import type { AppEnv } from "../middleware/app-env.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { createRouter } from "../middleware/router.ts";
import { Consent, Currency } from "../shop/shopper-schema.ts";

/** Characters of a secret key that are told: enough to tell two apart. */
const END = 4;

const Ends = z.array(z.string().meta({ example: "sk_…3f9a" }));

const Setup = z
  .object({
    currency: Currency,
    default_consent: Consent,
    requires_identity_proof: z.boolean(),
    trend_shoppers: z.int(),
    feed_url: z.string().nullable().describe("Where the catalogue is pulled from every hour."),
    keys: z
      .object({
        publishable: z.array(z.string()).describe("Whole: they stand in every page of the shop."),
        secret: Ends,
        viewer: Ends,
      })
      .describe("Those in force."),
    steps: z
      .object({
        items: z.int(),
        events: z.int(),
        lists: z.int(),
        rules: z.int(),
        model: z.string().nullable(),
      })
      .describe("What is there already; no number is above a thousand."),
  })
  .meta({ id: "Setup" });

export const setup = createRouter();

setup.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/setup",
    tags: ["operations"],
    summary: "How the shop is set up, and how far it has come",
    answers: { 200: { description: "Now.", content: { "application/json": { schema: Setup } } } },
  }),
  async (c) => {
    const { isolate } = holdIsolate(c.env);
    const [steps] = await Promise.all([
      readFirstSteps(c.env.DB),
      isolate.keepUp(Date.now(), (work) => c.executionCtx.waitUntil(work)),
    ]);
    const { money, default_consent, identity, trend_shoppers } = readSettings(c.env);
    const feed = c.env.CATALOG_FEED_URL.trim();
    return c.json(
      {
        currency: money.currency,
        default_consent,
        requires_identity_proof: identity.requiresProof,
        trend_shoppers,
        feed_url: feed === "" ? null : feed,
        keys: nameKeys(c.env),
        steps: { ...steps, model: isolate.models.state.serving },
      },
      200,
    );
  },
);

function nameKeys(env: AppEnv["Bindings"]) {
  const mask = (key: string) => `${key.slice(0, 3)}…${key.slice(-END)}`;
  return {
    publishable: listSecrets(env.PUBLISHABLE_KEYS),
    secret: listSecrets(env.SECRET_KEYS).map(mask),
    viewer: listSecrets(env.VIEWER_KEYS).map(mask),
  };
}
