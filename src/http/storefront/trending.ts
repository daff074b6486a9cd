// GET /v1/trending: what draws shoppers now, in the whole shop or in one category.
import { readSettings } from "../../shop/settings.ts";
import { answerList, NOBODY_ASKED } from "./answer-list.ts";
import { ListQuery, readRequest } from "./list-query.ts";
import { LIST_ANSWER } from "./recommendation.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { createRouter } from "../middleware/router.ts";

export const trending = createRouter();

trending.openapi(
  defineRoute("publishable", {
    method: "get",
    path: "/trending",
    tags: ["recommendations"],
    summary: "What draws shoppers now",
    description: "Views, carts and purchases count; an event counts half after a day.",
    request: { query: ListQuery.omit({ seen: true }) },
    answers: LIST_ANSWER,
  }),
  async (c) => {
    const { money } = readSettings(c.env);
    const about = { surface: "trending", shopper: null, item_id: null } as const;
    return await answerList(c, readRequest(c.req.valid("query"), about, money), NOBODY_ASKED);
  },
);
