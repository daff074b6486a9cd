// GET /v1/rules/:surface/history: what was declared before. To undo, declare one of them anew.
import * as z from "zod";
import { readRuleChanges } from "../../catalog/declarations.ts";
import { SURFACES } from "../../recommend/contract.ts";
import { Policy, readPolicy } from "../../recommend/rules/policy.ts";
import { readSettings } from "../../shop/settings.ts";
import { Time, toDecimal, toIso } from "../../shop/units.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { createRouter } from "../middleware/router.ts";
import { scalePrices } from "../shop/rules.ts";
import { Currency } from "../shop/shopper-schema.ts";

const History = z
  .object({
    surface: z.enum(SURFACES),
    currency: Currency.describe("Of the prices in `rules`."),
    changes: z
      .array(z.object({ rules: Policy, changed_at: Time }))
      .describe("The latest first; it is what holds. The last fifty are kept."),
  })
  .meta({ id: "RuleHistory" });

export const ruleHistory = createRouter();

ruleHistory.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/rules/{surface}/history",
    tags: ["recommendations"],
    summary: "What was declared before",
    request: { params: z.object({ surface: z.enum(SURFACES) }) },
    answers: {
      200: { description: "Changes.", content: { "application/json": { schema: History } } },
    },
  }),
  async (c) => {
    const { surface } = c.req.valid("param");
    const { currency, scale } = readSettings(c.env).money;
    const changes = (await readRuleChanges(c.env.DB, surface)).flatMap(({ body, changed_at }) => {
      // Of another release: it could not be declared anew.
      const policy = readPolicy(body);
      if (policy === null) return [];
      const rules = scalePrices(policy, (price) => toDecimal(price, scale));
      return [{ rules, changed_at: toIso(changed_at) }];
    });
    return c.json({ surface, currency, changes }, 200);
  },
);
