// PUT /v1/stock: how many of each item are for sale.
import * as z from "zod";
import { readLevels } from "../../catalog/line/read-levels.ts";
import { ID_LENGTH } from "../../shop/read/text.ts";
import { writeStock } from "../../catalog/write-items.ts";
import { readJson } from "../middleware/body.ts";
import { fail } from "../middleware/errors.ts";
import { defineStream, serveStream } from "../middleware/define-route.ts";
import { createRouter } from "../middleware/router.ts";

/** One statement. */
const MAX_LEVELS = 1000;
/** So many of the longest ids, bytes. */
const BODY_LIMIT = 512 * 1024;

const Level = z.object({
  item_id: z.union([z.string().min(1).max(ID_LENGTH), z.int()]),
  stock: z.number().nullable().describe("Below 0 is sold out; goods by weight may have fractions."),
});
const Levels = z.object({ items: z.array(Level).max(MAX_LEVELS) });

export const stock = createRouter();

// Registered by hand: the body is read up to a limit before anything looks at it.
const route = defineStream("secret", {
  method: "put",
  path: "/stock",
  tags: ["catalogue"],
  summary: "Set stock levels",
  description:
    "An item with stock 0 is not recommended; null means unknown or unlimited. A `stock_update` with an earlier " +
    "timestamp does not change these levels any more.",
  request: { body: { required: true, content: { "application/json": { schema: Levels } } } },
  answers: {
    200: {
      description: "Set; ids that the catalogue does not have are listed.",
      content: {
        "application/json": {
          schema: z.object({ updated: z.int(), unknown: z.array(z.string()) }),
        },
      },
    },
  },
  fails: ["invalid_json", "invalid_request", "body_too_large", "unsupported_media_type"],
});

serveStream(stock, route, async (c) => {
  const body = await readJson(c.req.raw, BODY_LIMIT);
  if (!body.ok) return fail(c, body.reason.code, body.reason.message);
  const levels = readLevels(body.value);
  if (!levels.ok) return fail(c, "invalid_request", levels.reason);
  const items = levels.value;
  if (items.length > MAX_LEVELS)
    return fail(c, "invalid_request", `Send at most ${MAX_LEVELS} levels at once.`);
  const at = Date.now();
  const { unknown } = await writeStock(
    c.env.DB,
    items.map((level) => ({ ...level, at })),
  );
  return c.json({ updated: items.length - unknown.length, unknown }, 200);
});
