// GET /v1/items/:item_id/figures: the days of an item, and where lists showed it.
import * as z from "zod";
import { readItemFigures } from "../../console/item-figures.ts";
import { readSettings } from "../../shop/settings.ts";
import { Amount, toDecimal } from "../../shop/units.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { Id } from "../middleware/id.ts";
import { createRouter } from "../middleware/router.ts";
import { Currency } from "../shop/shopper-schema.ts";

const Figures = z
  .object({
    item_id: z.string(),
    currency: Currency,
    days: z
      .array(
        z.object({
          dt: z.iso.date(),
          views: z.number(),
          carts: z.number(),
          units: z.number().describe("Sold, net of what was given back."),
          revenue: Amount,
        }),
      )
      .describe("The last four weeks, as the hourly roll-up has them."),
    shown: z
      .array(z.object({ surface: z.string(), impressions: z.int(), clicks: z.int() }))
      .describe("In lists of the last seven days; clicks that name their list."),
  })
  .meta({ id: "ItemFigures" });

export const figures = createRouter();

figures.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/items/{item_id}/figures",
    tags: ["catalogue"],
    summary: "What became of an item",
    description: "Reads all lists of a week: not for polling. All is 0 of an item that nobody met.",
    request: { params: z.object({ item_id: Id }) },
    answers: {
      200: { description: "By day.", content: { "application/json": { schema: Figures } } },
    },
  }),
  async (c) => {
    const { item_id } = c.req.valid("param");
    const { currency, scale } = readSettings(c.env).money;
    const { days, shown } = await readItemFigures(c.env.DB, item_id, Date.now());
    const inUnits = days.map((day) => ({ ...day, revenue: toDecimal(day.revenue, scale) }));
    return c.json({ item_id, currency, days: inUnits, shown }, 200);
  },
);
