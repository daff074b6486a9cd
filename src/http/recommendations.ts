// GET /v1/recommendations: what to show this shopper here and now.
import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { SURFACES } from "../recommend/contract.ts";
import { readSettings, type StreamSettings } from "../stream/settings.ts";
import { answerList } from "./answer-list.ts";
import { PUBLISHABLE, requireKey } from "./auth.ts";
import { ERRORS } from "./errors.ts";
import { ListQuery, readRequest } from "./list-query.ts";
import { RecommendationSchema } from "./recommendation.ts";
import { createRouter } from "./router.ts";

const ShopperId = z.string().min(1).max(256).optional();

const Query = ListQuery.extend({
  surface: z.enum(SURFACES).default("home").describe("The page that the list is for."),
  anonymous_id: ShopperId,
  user_id: ShopperId.describe("When both ids are given, the user's history is used."),
  item_id: z.string().min(1).max(256).optional().describe("The item in view."),
  consent: z
    .enum(["granted", "denied"])
    .optional()
    .describe("Denied: nothing personal, nothing logged. Absent: as the shopper last said."),
});

type Query = z.infer<typeof Query>;

const CONSENTS = {
  granted: { analytics: true, personalization: true },
  denied: { analytics: false, personalization: false },
};

export const recommendations = createRouter();

recommendations.openapi(
  createRoute({
    method: "get",
    path: "/recommendations",
    tags: ["recommendations"],
    summary: "What to show this shopper",
    description:
      "Always answers with a list as long as the shop and the filters allow; what had to be left out is named in " +
      "`degraded`. A shopper without history or consent gets what trends.",
    security: PUBLISHABLE,
    middleware: requireKey("publishable"),
    request: { query: Query },
    responses: {
      200: {
        description: "The list, best first.",
        content: { "application/json": { schema: RecommendationSchema } },
      },
      400: ERRORS[400],
      401: ERRORS[401],
    },
  }),
  async (c) => {
    const query = c.req.valid("query");
    const settings = readSettings(c.env);
    const consent = query.consent === undefined ? null : CONSENTS[query.consent];
    const shopper = consent?.personalization === false ? null : await nameShopper(query, settings);
    const about = { purpose: query.surface, shopper, item_id: query.item_id ?? null };
    return await answerList(c, readRequest(query, about, settings.money), consent);
  },
);

/** The pseudonym of the shopper whom the request names, or null. */
async function nameShopper(query: Query, { pseudonymise }: StreamSettings): Promise<string | null> {
  if (query.user_id !== undefined) return await pseudonymise("user", query.user_id);
  if (query.anonymous_id !== undefined) return await pseudonymise("anonymous", query.anonymous_id);
  return null;
}
