// GET /v1/trending: what draws shoppers now, in the whole shop or in one category.
import { createRoute } from "@hono/zod-openapi";
import { readSettings } from "../../shop/settings.ts";
import { answerList } from "./answer-list.ts";
import { PUBLISHABLE, requireKey } from "../middleware/auth.ts";
import { ListQuery, readRequest } from "./list-query.ts";
import { LIST_RESPONSES } from "./recommendation.ts";
import { createRouter } from "../middleware/router.ts";

export const trending = createRouter();

trending.openapi(
  createRoute({
    method: "get",
    path: "/trending",
    tags: ["recommendations"],
    summary: "What draws shoppers now",
    description: "Views, carts and purchases count; an event counts half after a day.",
    security: PUBLISHABLE,
    middleware: requireKey("publishable"),
    request: { query: ListQuery.omit({ seen: true }) },
    responses: LIST_RESPONSES,
  }),
  async (c) => {
    const { money } = readSettings(c.env);
    const about = { purpose: "trending", shopper: null, item_id: null } as const;
    return await answerList(c, readRequest(c.req.valid("query"), about, money), null);
  },
);
