// GET /v1/items/:id/similar and /bought-together: lists about one item, the same for every shopper.
import * as z from "zod";
import { readSettings } from "../../shop/settings.ts";
import { answerList, NOBODY_ASKED } from "./answer-list.ts";
import { ListQuery, readRequest } from "./list-query.ts";
import { LIST_ANSWER } from "./recommendation.ts";
import { Id } from "../middleware/id.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { createRouter } from "../middleware/router.ts";

const Query = ListQuery.omit({ seen: true });

export const similar = createRouter();

for (const { path, surface, summary } of [
  { path: "/items/{item_id}/similar", surface: "similar", summary: "Items like this one" },
  {
    path: "/items/{item_id}/bought-together",
    surface: "bought_together",
    summary: "Items that are bought with this one",
  },
] as const) {
  similar.openapi(
    defineRoute("publishable", {
      method: "get",
      path,
      tags: ["recommendations"],
      summary,
      description: "Not personal. An item that the shop does not know gets what trends.",
      request: { params: z.object({ item_id: Id }), query: Query },
      answers: LIST_ANSWER,
    }),
    async (c) => {
      const { money } = readSettings(c.env);
      const about = { surface, shopper: null, item_id: c.req.valid("param").item_id };
      return await answerList(c, readRequest(c.req.valid("query"), about, money), NOBODY_ASKED);
    },
  );
}
