// GET /v1/recommendations: what to show this shopper here and now.
import * as z from "zod";
import { PAGES } from "../../recommend/contract.ts";
import { readSettings } from "../../shop/settings.ts";
import { answerList } from "./answer-list.ts";
import { AskHeaders } from "../middleware/proof/ask-headers.ts";
import { AskShopper, readShopper } from "./ask-shopper.ts";
import { readEdge } from "./edge.ts";
import { Id } from "../middleware/id.ts";
import { fail } from "../middleware/errors.ts";
import { ListQuery, readRequest } from "./list-query.ts";
import { LIST_ANSWER } from "./recommendation.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { admitQuestion, refuseForNow } from "../middleware/rate-limit.ts";
import { createRouter } from "../middleware/router.ts";

const Query = ListQuery.extend({
  ...AskShopper.shape,
  surface: z
    .enum(PAGES)
    .default("home")
    .describe("The page that the list is for. `category` needs the parameter `category`."),
  item_id: Id.optional().describe("The item in view; on `home`, the one on which the visit began."),
  country: z.string().length(2).optional().describe("ISO 3166; a browser's own when absent."),
  device: z.string().max(32).optional().describe("As events name it; a browser's when absent."),
  referrer: z.string().max(2048).optional().describe("The page that sent the visitor."),
});

export const recommendations = createRouter();

recommendations.openapi(
  defineRoute("publishable", {
    method: "get",
    path: "/recommendations",
    tags: ["recommendations"],
    summary: "What to show this shopper",
    description:
      "Always answers with a list as long as the shop and the filters allow; what had to be left out is named in " +
      "`degraded`. A shopper without history or consent gets what trends, first of all with those who come from the " +
      "same country, site and kind of device.",
    request: { query: Query, headers: AskHeaders },
    answers: LIST_ANSWER,
    fails: ["invalid_request", "rate_limited"],
  }),
  async (c) => {
    const query = c.req.valid("query");
    if (query.surface === "category" && query.category === undefined) {
      return fail(c, "invalid_request", "category: the surface `category` needs one.");
    }
    const settings = readSettings(c.env);
    const { shopper, ...asked } = await readShopper(c, query);
    if (!(await admitQuestion(c, shopper))) return refuseForNow(c);
    const edge = readEdge(c);
    const about = {
      surface: query.surface,
      shopper,
      item_id: query.item_id ?? null,
      visit: {
        country: query.country ?? edge.country,
        device: query.device ?? edge.device,
        referrer: query.referrer ?? null,
      },
    };
    return await answerList(c, readRequest(query, about, settings.money), asked);
  },
);
