// One shopper: what is known, all that is kept, and forgetting it.
import * as z from "zod";
import { openShopper } from "../../../durable/stubs.ts";
import { readLifecycle } from "../../../durable/state/lifecycle.ts";
import { eraseFromLog } from "../../log/erase.ts";
import { readSettings } from "../../shop/settings.ts";
import { describeState } from "../../shop/shopper-answer.ts";
import { convertUnits } from "../../shop/units.ts";
import { fail } from "../middleware/errors.ts";
import { ExportLine } from "./export-line.ts";
import { exportShopper, listCovered, openExport } from "./export-shopper.ts";
import {
  findShopper,
  listPseudonyms,
  ShopperHeaders,
  ShopperPath,
  ShopperQuery,
} from "./find-shopper.ts";
import { defineRoute, defineStream, serveStream } from "../middleware/define-route.ts";
import { createRouter } from "../middleware/router.ts";
import { presentCart, ShopperProfile } from "./shopper-schema.ts";

const request = { params: ShopperPath, query: ShopperQuery, headers: ShopperHeaders };
const shared = { tags: ["shoppers"], request };

export const shoppers = createRouter();

shoppers.openapi(
  defineRoute("secret", {
    ...shared,
    method: "get",
    path: "/shoppers/{id}/profile",
    summary: "Read a shopper's profile and cart",
    answers: {
      200: {
        description: "As of the last event.",
        content: { "application/json": { schema: ShopperProfile } },
      },
    },
    fails: ["not_found"],
  }),
  async (c) => {
    const pseudonyms = await listPseudonyms(
      c,
      c.req.valid("param").id,
      c.req.valid("query").id_type,
    );
    const snapshot = await findShopper(pseudonyms, c.env);
    if (snapshot === null) return fail(c, "not_found", "This shopper was never seen.");
    const { shopper, consent, state } = snapshot;
    const { money } = readSettings(c.env);
    const { profile } = z.encode(describeState(convertUnits(money.scale)), state);
    const cart = presentCart(state.cart, money);
    const segment = readLifecycle(state, Date.now());
    return c.json({ shopper, consent, segment, currency: money.currency, profile, cart }, 200);
  },
);

// Registered by hand: the answer is a stream.
const route = defineStream("secret", {
  method: "get",
  path: "/shoppers/{id}/export",
  tags: ["shoppers"],
  summary: "Export all that is kept about a shopper",
  description:
    "One JSON object a line, each with its `kind`: the memory first, then every row of the log.",
  request,
  answers: {
    200: { description: "NDJSON.", content: { "application/x-ndjson": { schema: ExportLine } } },
  },
  fails: ["invalid_request", "not_found"],
});

serveStream(shoppers, route, async (c) => {
  const query = ShopperQuery.safeParse(c.req.query());
  if (!query.success) return fail(c, "invalid_request", "id_type: must be `user` or `anonymous`.");
  const path = ShopperPath.safeParse(c.req.param());
  if (!path.success) return fail(c, "invalid_request", "id: must have 1 to 256 characters.");
  const found = await openExport(await listPseudonyms(c, path.data.id, query.data.id_type), c.env);
  if (found.length === 0) return fail(c, "not_found", "Nothing is kept about this shopper.");
  return c.body(exportShopper(found, c.env), 200, { "content-type": "application/x-ndjson" });
});

shoppers.openapi(
  defineRoute("secret", {
    ...shared,
    method: "delete",
    path: "/shoppers/{id}",
    summary: "Forget a shopper",
    description:
      "Memory, log and what is on its way, for the user and every anonymous visitor who became this user. " +
      "Without `id_type` the id is forgotten in both meanings. May be repeated.",
    answers: {
      200: {
        description: "Forgotten.",
        content: {
          "application/json": {
            schema: z.object({ erased: z.array(z.string()).describe("Pseudonyms.") }),
          },
        },
      },
    },
  }),
  async (c) => {
    const pseudonyms = await listPseudonyms(
      c,
      c.req.valid("param").id,
      c.req.valid("query").id_type,
    );
    const found = await openExport(pseudonyms, c.env);
    const covered = new Set([...pseudonyms, ...listCovered(found)]);
    // The log first: an erasure that is cut off can be repeated while the memory still knows who belongs to it.
    await eraseFromLog(c.env.DB, [...covered], Date.now());
    for (const pseudonym of covered) {
      const { at } = await openShopper(c.env.SHOPPER, pseudonym).erase();
      // What came in between is in neither.
      await eraseFromLog(c.env.DB, [pseudonym], at);
    }
    return c.json({ erased: [...covered] }, 200);
  },
);
