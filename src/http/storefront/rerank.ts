// POST /v1/rerank: the shop's own list, say a search result, in the order of this shopper.
import * as z from "zod";
import { MAX_CANDIDATES } from "../../recommend/retrieve/pool.ts";
import { readSettings } from "../../shop/settings.ts";
import { makeList } from "./answer-list.ts";
import { AskHeaders } from "../middleware/proof/ask-headers.ts";
import { AskShopper, readShopper } from "./ask-shopper.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { Id } from "../middleware/id.ts";
import { readEdge } from "./edge.ts";
import { readRequest } from "./list-query.ts";
import { RecommendationSchema } from "./recommendation.ts";
import { admitQuestion, refuseForNow } from "../middleware/rate-limit.ts";
import { createRouter } from "../middleware/router.ts";

/** So many of the longest ids, with their scores, bytes. */
const BODY_LIMIT = 512 * 1024;

const Body = AskShopper.extend({
  items: z
    .array(
      z.object({
        item_id: Id,
        score: z
          .number()
          .optional()
          .describe("The shop's own relevance, higher is better; absent: the order counts."),
      }),
    )
    .min(1)
    .max(MAX_CANDIDATES),
  limit: z.int().min(1).max(MAX_CANDIDATES).optional().describe("All when absent."),
  explain: z.boolean().default(false),
});

const Answer = RecommendationSchema.omit({ next_cursor: true })
  .extend({
    unknown: z.array(z.string()).describe("Ids that the catalogue does not have, as they came."),
  })
  .meta({ id: "Reranked" });

export const rerank = createRouter();

rerank.openapi(
  defineRoute("publishable", {
    maxBytes: BODY_LIMIT,
    method: "post",
    path: "/rerank",
    tags: ["recommendations"],
    summary: "Put a list in the order of this shopper",
    description:
      "The shop's own relevance leads; what this shopper would choose moves up. Nothing is added, and nothing is " +
      "left out but what the rules of the surface `rerank` forbid, such as items that are sold out.",
    request: {
      headers: AskHeaders,
      body: { required: true, content: { "application/json": { schema: Body } } },
    },
    answers: {
      200: {
        description: "The list, best first.",
        content: { "application/json": { schema: Answer } },
      },
    },
    fails: ["rate_limited"],
  }),
  async (c) => {
    const body = c.req.valid("json");
    const settings = readSettings(c.env);
    const { shopper, ...asked } = await readShopper(c, body);
    if (!(await admitQuestion(c, shopper))) return refuseForNow(c);
    const given = readGiven(body.items);
    const request = readRequest(
      { limit: body.limit ?? given.length, explain: body.explain ? "1" : "0" },
      {
        surface: "rerank",
        shopper,
        item_id: null,
        visit: { ...readEdge(c), referrer: null },
        given,
      },
      settings.money,
    );
    const { answer, catalog } = await makeList(c, request, asked);
    const unknown = given
      .map(({ item_id }) => item_id)
      .filter((item_id) => catalog.find(item_id) === -1);
    const { next_cursor: _, ...list } = answer;
    return c.json({ ...list, unknown }, 200);
  },
);

/** Each id once. Where the shop gives no scores, the order stands in for them. */
function readGiven(items: z.infer<typeof Body>["items"]) {
  const given = new Map<string, number>();
  items.forEach(({ item_id, score }, index) => {
    if (!given.has(item_id)) given.set(item_id, score ?? -index);
  });
  return [...given].map(([item_id, score]) => ({ item_id, score }));
}
