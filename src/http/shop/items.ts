// The catalogue: items in bulk as NDJSON, one by one, page by page.
import * as z from "zod";
import { importItems } from "../../catalog/import-items.ts";
import { ItemId, ItemLine, ITEM_CODES } from "../../catalog/item-line.ts";
import { readItem, readItemPage } from "../../catalog/read-items.ts";
import { deleteItem } from "../../catalog/write-items.ts";
import { minorUnitsOf, type Money } from "../../shop/money.ts";
import { readSettings } from "../../shop/settings.ts";
import { fail } from "../middleware/errors.ts";
import { Item, presentItem } from "./item.ts";
import { defineRoute, defineStream, serveStream } from "../middleware/define-route.ts";
import { createRouter } from "../middleware/router.ts";

const MAX_PAGE = 1000;

const ImportReport = z
  .object({
    accepted: z.int().describe("Lines that were written."),
    rejected: z.int().describe("Lines that were refused."),
    errors: z.array(
      z.object({
        line: z.int().describe("Number of the line, from 1."),
        code: z.enum(ITEM_CODES),
        message: z.string(),
      }),
    ),
  })
  .meta({ id: "ImportReport" });

const ItemIdParam = z.object({ item_id: ItemId });

export const items = createRouter();

// Registered by hand: the body is a stream of lines, each judged by itself and never held as a whole.
const route = defineStream("secret", {
  method: "put",
  path: "/items",
  tags: ["catalogue"],
  summary: "Add or change items in bulk",
  description:
    "NDJSON: one item a line, as many lines as you like. A field that is left out keeps its value, null clears it. " +
    "GA4's `item_name`, `item_category` and `item_brand` are understood too. A bad line does not block the others.",
  request: { body: { required: true, content: { "application/x-ndjson": { schema: ItemLine } } } },
  answers: {
    200: {
      description: "Which lines were refused, and why.",
      content: { "application/json": { schema: ImportReport } },
    },
  },
  fails: ["invalid_request", "unavailable"],
});

serveStream(items, route, async (c) => {
  const { body } = c.req.raw;
  if (body === null) return fail(c, "invalid_request", "Send items as NDJSON, one a line.");
  const { money } = readSettings(c.env);
  const toMinorUnits = (price: number, currency?: string) => convert(price, currency, money);
  const report = await importItems(c.env.DB, body, toMinorUnits, Date.now());
  if (report.failed_at_line !== null) {
    const message = `The catalogue could not be written from line ${report.failed_at_line} on. Send these lines again.`;
    return fail(c, "unavailable", message);
  }
  const { accepted, rejected, errors } = report;
  return c.json({ accepted, rejected, errors }, 200);
});

items.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/items",
    tags: ["catalogue"],
    summary: "All items, in order of id",
    request: {
      query: z.object({
        after: z.string().default("").describe("`next` of the page before."),
        limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(100),
      }),
    },
    answers: {
      200: {
        description: "A page.",
        content: {
          "application/json": {
            schema: z.object({ items: z.array(Item), next: z.string().nullable() }),
          },
        },
      },
    },
  }),
  async (c) => {
    const { after, limit } = c.req.valid("query");
    const { money } = readSettings(c.env);
    const rows = await readItemPage(c.env.DB, after, limit);
    const next = rows.length === limit ? (rows.at(-1)?.item_id ?? null) : null;
    return c.json({ items: rows.map((row) => presentItem(row, money)), next }, 200);
  },
);

items.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/items/{item_id}",
    tags: ["catalogue"],
    summary: "One item",
    request: { params: ItemIdParam },
    answers: {
      200: { description: "The item.", content: { "application/json": { schema: Item } } },
    },
    fails: ["not_found"],
  }),
  async (c) => {
    const row = await readItem(c.env.DB, c.req.valid("param").item_id);
    if (row === null) return fail(c, "not_found", "There is no item with this id.");
    return c.json(presentItem(row, readSettings(c.env).money), 200);
  },
);

items.openapi(
  defineRoute("secret", {
    method: "delete",
    path: "/items/{item_id}",
    tags: ["catalogue"],
    summary: "Take an item out of the shop",
    description: "It is no longer recommended within seconds. Its past events stay in the log.",
    request: { params: ItemIdParam },
    answers: {
      204: { description: "Gone." },
    },
    fails: ["not_found"],
  }),
  async (c) => {
    const deleted = await deleteItem(c.env.DB, c.req.valid("param").item_id);
    if (!deleted) return fail(c, "not_found", "There is no item with this id.");
    return c.body(null, 204);
  },
);

function convert(price: number, currency: string | undefined, money: Money): number | null {
  const unit = minorUnitsOf(currency, money);
  return unit === null ? null : Math.round(price * unit);
}
