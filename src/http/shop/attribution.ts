// GET /v1/attribution: what came of the lists that were shown, by surface.
import * as z from "zod";
import { readAttribution } from "../../log/outcomes/attribution.ts";
import type { SurfaceOutcome } from "../../log/outcomes/attribution.ts";
import { readSettings } from "../../shop/settings.ts";
import { Amount, Time, toDecimal, toIso } from "../../shop/units.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { createRouter } from "../middleware/router.ts";

const DAY = 24 * 3_600_000;
/** Longer windows credit lists with what would have been bought anyway. */
const MAX_WINDOW_HOURS = 30 * 24;

/** The time that a report is about, and the window: the same for attribution and experiments. */
export const ReportQuery = z.object({
  from: z.iso.datetime({ offset: true }).optional().describe("Seven days ago when absent."),
  to: z.iso.datetime({ offset: true }).optional().describe("Now when absent."),
  window_hours: z.coerce
    .number()
    .positive()
    .max(MAX_WINDOW_HOURS)
    .default(24)
    .describe("How long after an impression what follows is put down to it."),
});

export function readReportQuery(query: z.infer<typeof ReportQuery>, now: number) {
  return {
    from: query.from === undefined ? now - 7 * DAY : Date.parse(query.from),
    to: query.to === undefined ? now : Date.parse(query.to),
    window: query.window_hours * 3_600_000,
  };
}

const Attribution = z
  .object({
    from: Time,
    to: Time,
    window_hours: z.number(),
    currency: z.string(),
    surfaces: z.array(
      z.object({
        surface: z.string(),
        lists: z.int(),
        impressions: z
          .int()
          .describe("Items that lists held, whether or not they were scrolled to."),
        clicks: z.int().describe("Impressions whose item was then viewed or selected."),
        carts: z.int(),
        purchases: z.int(),
        revenue: Amount.describe("Of the bought lines."),
        click_rate: z.number().describe("clicks / impressions."),
        conversion_rate: z.number().describe("purchases / impressions."),
      }),
    ),
  })
  .meta({ id: "Attribution" });

export const attribution = createRouter();

attribution.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/attribution",
    tags: ["recommendations"],
    summary: "What came of the lists",
    description:
      "Of the impressions of a time: which were clicked, put into a cart and bought within the window. An event that " +
      "carries the `recommendation_id` of a list belongs to it; any other to the last list that showed its shopper " +
      "the item. Computed anew each time, so that what comes late counts. Reads all of the time: not for polling.",
    request: { query: ReportQuery },
    answers: {
      200: {
        description: "By surface.",
        content: { "application/json": { schema: Attribution } },
      },
    },
  }),
  async (c) => {
    const query = readReportQuery(c.req.valid("query"), Date.now());
    const { money } = readSettings(c.env);
    const outcomes = await readAttribution(c.env.DB, query);
    return c.json(
      {
        from: toIso(query.from),
        to: toIso(query.to),
        window_hours: query.window / 3_600_000,
        currency: money.currency,
        surfaces: outcomes.map((outcome) => presentOutcome(outcome, money.scale)),
      },
      200,
    );
  },
);

function presentOutcome(outcome: SurfaceOutcome, scale: number) {
  const { impressions, clicks, purchases, revenue } = outcome;
  return {
    ...outcome,
    revenue: toDecimal(revenue, scale),
    click_rate: impressions === 0 ? 0 : clicks / impressions,
    conversion_rate: impressions === 0 ? 0 : purchases / impressions,
  };
}
