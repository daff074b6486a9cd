// The catalogue: items in bulk as NDJSON, one by one, page by page.
import * as z from "zod";
import { openFeed } from "../../catalog/feed/open-feed.ts";
import { importItems } from "../../catalog/import-items.ts";
import { REFUSAL_CODES } from "../../catalog/line/refusal.ts";
import { NOTE_CODES } from "../../catalog/line/note.ts";
import { readItem, readItemPage } from "../../catalog/read-items.ts";
import { deleteItem } from "../../catalog/write-items.ts";
import { UnreadableFile } from "../../files/open-bytes.ts";
import { holdIsolate } from "../../isolate/open-isolate.ts";
import { convertPrices } from "../../shop/money.ts";
import { indexItems } from "../../search/index-items.ts";
import { readSettings } from "../../shop/settings.ts";
import { fail } from "../middleware/errors.ts";
import { Id } from "../middleware/id.ts";
import { Item, ItemLine, presentItem } from "./item.ts";
import { defineRoute, defineStream, serveStream } from "../middleware/define-route.ts";
import { openSenderBody } from "../middleware/sender-body.ts";
import { createRouter } from "../middleware/router.ts";
import { log } from "../../../durable/log-line.ts";

const MAX_PAGE = 1000;

const ImportReport = z
  .object({
    form: z.enum(["ndjson", "json", "xml", "table"]).describe("What the body was read as."),
    accepted: z.int().describe("Lines that were written."),
    rejected: z.int().describe("Lines that were refused."),
    complete: z
      .boolean()
      .describe("False: the body could not be read to its end; the last of `errors` says where."),
    errors: z.array(
      z.object({
        line: z.int().describe("Number of the line, or of the element of an array, from 1."),
        code: z.enum(REFUSAL_CODES),
        message: z.string(),
      }),
    ),
    notes: z
      .array(
        z.object({
          field: z.string().meta({ example: "shipping" }),
          code: z.enum(NOTE_CODES),
          lines: z.int().describe("How many."),
          first_line: z.int(),
        }),
      )
      .describe("Fields of accepted lines that were not taken as they are."),
  })
  .meta({ id: "ImportReport" });

/** Of 500 items each, some 50 ms. */
const SLICES_AT_ONCE = 20;

const ItemIdParam = z.object({ item_id: Id });

export const items = createRouter();

const TABLE = z.string().meta({ format: "binary" });
const BODIES = {
  "application/x-ndjson": { schema: ItemLine },
  "application/json": { schema: z.array(ItemLine) },
  "application/xml": { schema: TABLE },
  "text/csv": { schema: TABLE },
  "text/tab-separated-values": { schema: TABLE },
};

// Registered by hand: the body is a stream of lines, each judged by itself and never held as a whole.
const route = defineStream("secret", {
  method: "put",
  path: "/items",
  tags: ["catalogue"],
  summary: "Add or change items in bulk",
  description:
    "As many items as you like, each judged alone: NDJSON, a JSON array, a Google Merchant feed (RSS, Atom, TSV), the " +
    "product CSV of Shopify or WooCommerce, or a table whose columns are called as the fields are. The body's first " +
    "bytes tell which; gzip and other encodings than UTF-8 are understood. A field that is left out keeps its value, " +
    "null clears it. Items that are not named stay as they are.",
  request: { body: { required: true, content: BODIES } },
  answers: {
    200: {
      description: "Which lines were refused, and why.",
      content: { "application/json": { schema: ImportReport } },
    },
  },
  fails: ["invalid_request", "unavailable"],
});

serveStream(items, route, async (c) => {
  const body = openSenderBody(c.req.raw);
  if (body === null) return fail(c, "invalid_request", "Send items, such as NDJSON, one a line.");
  const feed = await openFeed(body, c.req.header("content-type")).catch(toSentence);
  if (typeof feed === "string") return fail(c, "invalid_request", feed);
  const { money } = readSettings(c.env);
  const report = await importItems(c.env.DB, feed, convertPrices(money), Date.now());
  if (report.failed_at_line !== null) {
    const message = `The catalogue could not be written from line ${report.failed_at_line} on. Send these lines again.`;
    return fail(c, "unavailable", message);
  }
  await showAtOnce(c.env);
  c.executionCtx.waitUntil(indexAtOnce(c.env.DB));
  const { failed_at_line: _, ...told } = report;
  return c.json(told, 200);
});

/** To this isolate; others look within seconds, as this one does where it cannot now. */
async function showAtOnce(env: Env): Promise<void> {
  try {
    await holdIsolate(env).isolate.reloadItems();
  } catch (error) {
    log("warn", "catalogue_not_reloaded", {}, error);
  }
}

/** For the search; what is not done in these slices, or fails, the hourly job does. */
async function indexAtOnce(database: D1Database): Promise<void> {
  try {
    for (let slice = 0; slice < SLICES_AT_ONCE; slice++)
      if ((await indexItems(database)).done) return;
  } catch (error) {
    log("warn", "items_not_indexed", {}, error);
  }
}

function toSentence(error: unknown): string {
  if (error instanceof UnreadableFile) return error.message;
  throw error;
}

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
    c.executionCtx.waitUntil(indexAtOnce(c.env.DB));
    return c.body(null, 204);
  },
);
