// Suppliers, and how items are bought.
import * as z from "zod";
import {
  learnLeadTimes,
  readSuppliers,
  writeSuppliers,
  writeSupplyItems,
} from "../../supply/suppliers.ts";
import { readSettings } from "../../shop/settings.ts";
import { Amount, orNull, toDecimal, toMinorUnits } from "../../shop/units.ts";
import { defineRoute } from "../middleware/define-route.ts";
import { Id } from "../middleware/id.ts";
import { createRouter } from "../middleware/router.ts";
import { Currency } from "../shop/shopper-schema.ts";

const BODY_LIMIT = 512 * 1024;
const MAX_ROWS = 1000;
const MAX_DAYS = 730;

const Days = z.number().min(0).max(MAX_DAYS);
const Told = {
  supplier_id: Id,
  name: z.string().min(1).max(256).nullable().default(null),
  lead_time_days: Days.describe("From order to receipt, as the supplier says."),
  lead_time_spread_days: Days.default(0).describe("By how much it varies: a standard deviation."),
  minimum_order: Amount.min(0).nullable().default(null),
  order_weekdays: z
    .array(z.int().min(1).max(7))
    .min(1)
    .max(7)
    .nullable()
    .default(null)
    .describe("1 is Monday; null: any day."),
};
const Supplier = z.object(Told).meta({ id: "Supplier" });
const Known = z
  .object({
    ...Told,
    learned: z
      .object({ lead_time_days: z.number(), lead_time_spread_days: z.number() })
      .describe("What it says, corrected by what its last orders took."),
  })
  .meta({ id: "KnownSupplier" });

const Terms = z
  .object({
    item_id: Id,
    supplier_id: Id.nullable().default(null),
    pack_size: z.number().positive().nullable().default(null),
    minimum_quantity: z.number().min(0).nullable().default(null),
    unit_cost: Amount.min(0).nullable().default(null).describe("null: the item's own `cost`."),
    service_level: z
      .number()
      .min(0.5)
      .max(0.999)
      .nullable()
      .default(null)
      .describe("Wanted chance not to run out before goods come; null: by class."),
  })
  .meta({ id: "SupplyTerms" });

const Written = z.object({ updated: z.int() });

export const suppliers = createRouter();

suppliers.openapi(
  defineRoute("secret", {
    method: "get",
    path: "/suppliers",
    tags: ["supply"],
    summary: "The suppliers, and the lead times that their orders bear out",
    answers: {
      200: {
        description: "All.",
        content: {
          "application/json": {
            schema: z.object({ currency: Currency, suppliers: z.array(Known) }),
          },
        },
      },
    },
  }),
  async (c) => {
    const { money } = readSettings(c.env);
    const rows = await readSuppliers(c.env.DB);
    const leads = await learnLeadTimes(c.env.DB, rows, Date.now());
    const known = rows.map((row) => ({
      ...row,
      minimum_order: orNull(row.minimum_order, (amount) => toDecimal(amount, money.scale)),
      learned: {
        lead_time_days: leads.get(row.supplier_id)?.mean ?? row.lead_time_days,
        lead_time_spread_days: leads.get(row.supplier_id)?.spread ?? row.lead_time_spread_days,
      },
    }));
    return c.json({ currency: money.currency, suppliers: known }, 200);
  },
);

suppliers.openapi(
  defineRoute("secret", {
    maxBytes: BODY_LIMIT,
    method: "put",
    path: "/suppliers",
    tags: ["supply"],
    summary: "Add or replace suppliers",
    request: {
      body: {
        required: true,
        content: {
          "application/json": { schema: z.object({ suppliers: z.array(Supplier).max(MAX_ROWS) }) },
        },
      },
    },
    answers: {
      200: { description: "Kept.", content: { "application/json": { schema: Written } } },
    },
  }),
  async (c) => {
    const { money } = readSettings(c.env);
    const told = c.req.valid("json").suppliers.map((supplier) => ({
      ...supplier,
      minimum_order: orNull(supplier.minimum_order, (amount) => toMinorUnits(amount, money.scale)),
    }));
    await writeSuppliers(c.env.DB, told);
    return c.json({ updated: told.length }, 200);
  },
);

suppliers.openapi(
  defineRoute("secret", {
    maxBytes: BODY_LIMIT,
    method: "put",
    path: "/supply/items",
    tags: ["supply"],
    summary: "Say how items are bought",
    description: "Replaces what was said of these items before.",
    request: {
      body: {
        required: true,
        content: {
          "application/json": { schema: z.object({ items: z.array(Terms).max(MAX_ROWS) }) },
        },
      },
    },
    answers: {
      200: { description: "Kept.", content: { "application/json": { schema: Written } } },
    },
  }),
  async (c) => {
    const { money } = readSettings(c.env);
    const told = c.req.valid("json").items.map((item) => ({
      ...item,
      unit_cost: orNull(item.unit_cost, (amount) => toMinorUnits(amount, money.scale)),
    }));
    await writeSupplyItems(c.env.DB, told);
    return c.json({ updated: told.length }, 200);
  },
);
