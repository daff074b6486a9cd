// GET and PUT /v1/rules/:surface: what may stand on a surface, and in which order.
import * as z from "zod";
import { readRules, writeRules } from "../../catalog/declarations.ts";
import { SURFACES } from "../../recommend/contract.ts";
import { NO_POLICY, Policy, readPolicy } from "../../recommend/rules/policy.ts";
import { readSettings } from "../../shop/settings.ts";
import { Time, toDecimal, toIso, toMinorUnits } from "../../shop/units.ts";
import { fail } from "../middleware/errors.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { Currency } from "./shopper-schema.ts";
import { createRouter } from "../middleware/router.ts";

/** A thousand of the longest ids, several times, bytes. */
const BODY_LIMIT = 1024 * 1024;

const UNREADABLE =
  "What is stored cannot be read by this version; the last rules that could go on. Declare them anew.";

const Path = z.object({ surface: z.enum(SURFACES) });

const Answer = z
  .object({
    surface: z.enum(SURFACES),
    currency: Currency.describe("Of the prices in `rules`."),
    rules: Policy,
    changed_at: Time.nullable().describe("null: nothing was ever declared."),
  })
  .meta({ id: "SurfaceRules" });

export const rules = createRouter();

rules.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/rules/{surface}",
    tags: ["recommendations"],
    summary: "The rules of a surface",
    request: { params: Path },
    answers: {
      200: {
        description: "As declared; empty where nothing was.",
        content: { "application/json": { schema: Answer } },
      },
    },
    fails: ["unprocessable"],
  }),
  async (c) => {
    const { surface } = c.req.valid("param");
    const row = await readRules(c.env.DB, surface);
    const policy = row === null ? NO_POLICY : readPolicy(row.body);
    if (policy === null) return fail(c, "unprocessable", UNREADABLE);
    const { money } = readSettings(c.env);
    return c.json(
      {
        surface,
        currency: money.currency,
        rules: scalePrices(policy, (price) => toDecimal(price, money.scale)),
        changed_at: row === null ? null : toIso(row.changed_at),
      },
      200,
    );
  },
);

rules.openapi(
  defineRoute("secret", {
    method: "put",
    maxBytes: BODY_LIMIT,
    path: "/rules/{surface}",
    tags: ["recommendations"],
    summary: "Declare the rules of a surface",
    description:
      "Replaces all rules of the surface; `{}` takes them back. Every isolate follows within seconds. A filter in a " +
      "request can only narrow these further.",
    request: {
      params: Path,
      body: { required: true, content: { "application/json": { schema: Policy } } },
    },
    answers: {
      200: { description: "Declared.", content: { "application/json": { schema: Answer } } },
    },
    fails: ["invalid_request"],
  }),
  async (c) => {
    const { surface } = c.req.valid("param");
    const policy = c.req.valid("json");
    const now = Date.now();
    const { money } = readSettings(c.env);
    const stored = JSON.stringify(scalePrices(policy, (price) => toMinorUnits(price, money.scale)));
    // As every isolate will: what it could not read would leave the surface without any rules.
    if (readPolicy(stored) === null) {
      return fail(c, "invalid_request", "filters: a price is too large to be kept.");
    }
    await writeRules(c.env.DB, surface, stored, now);
    return c.json(
      { surface, currency: money.currency, rules: policy, changed_at: toIso(now) },
      200,
    );
  },
);

/** Policies are stored in minor units and told in units. */
export function scalePrices(policy: Policy, scale: (price: number) => number): Policy {
  if (policy.filters === undefined) return policy;
  const { min_price, max_price, ...filters } = policy.filters;
  return {
    ...policy,
    filters: {
      ...filters,
      ...(min_price === undefined ? {} : { min_price: scale(min_price) }),
      ...(max_price === undefined ? {} : { max_price: scale(max_price) }),
    },
  };
}
