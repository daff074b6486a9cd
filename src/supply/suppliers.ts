// What the shop says of its suppliers and of how items are bought.
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { learnLeadTime, type LeadTime } from "./reorder/policy.ts";
import { suppliers, supplyItems } from "./schema.ts";

export type Supplier = Omit<typeof suppliers.$inferSelect, "order_weekdays"> & {
  /** 1 (Monday) to 7; null: any day. */
  order_weekdays: number[] | null;
};
export type SupplyItem = typeof supplyItems.$inferSelect;

const DAY = 86_400_000;
/** Deliveries that lead times are learned from, the latest. */
const DELIVERIES = 50;

/** Adds suppliers, or replaces those of the same id. */
export async function writeSuppliers(
  database: D1Database,
  rows: readonly Supplier[],
): Promise<void> {
  await drizzle(database).run(sql`
    insert into ${suppliers} (supplier_id, name, lead_time_days, lead_time_spread_days, minimum_order, order_weekdays)
    select value ->> 'supplier_id', value ->> 'name', value ->> 'lead_time_days', value ->> 'lead_time_spread_days',
      value ->> 'minimum_order', value ->> 'order_weekdays'
    from json_each(${JSON.stringify(rows)}) where true
    on conflict (supplier_id) do update set name = excluded.name, lead_time_days = excluded.lead_time_days,
      lead_time_spread_days = excluded.lead_time_spread_days, minimum_order = excluded.minimum_order,
      order_weekdays = excluded.order_weekdays`);
}

export async function readSuppliers(database: D1Database): Promise<Supplier[]> {
  const rows = await drizzle(database).select().from(suppliers).orderBy(suppliers.supplier_id);
  return rows.map((row) => ({ ...row, order_weekdays: readWeekdays(row.order_weekdays) }));
}

function readWeekdays(text: string | null): number[] | null {
  const days: unknown = text === null ? null : JSON.parse(text);
  return Array.isArray(days) ? days.map(Number) : null;
}

export async function writeSupplyItems(
  database: D1Database,
  rows: readonly SupplyItem[],
): Promise<void> {
  await drizzle(database).run(sql`
    insert into ${supplyItems} (item_id, supplier_id, pack_size, minimum_quantity, unit_cost, service_level)
    select value ->> 'item_id', value ->> 'supplier_id', value ->> 'pack_size', value ->> 'minimum_quantity',
      value ->> 'unit_cost', value ->> 'service_level'
    from json_each(${JSON.stringify(rows)}) where true
    on conflict (item_id) do update set supplier_id = excluded.supplier_id, pack_size = excluded.pack_size,
      minimum_quantity = excluded.minimum_quantity, unit_cost = excluded.unit_cost,
      service_level = excluded.service_level`);
}

type Order = { supplier_id: string; placed_at: number; arrived_at: number | null };

/**
 * Lead times of these suppliers: their word, and what their last orders took. An order has arrived with its first goods;
 * one that was called off says nothing.
 *
 * @param now ms
 */
export async function learnLeadTimes(
  database: D1Database,
  known: readonly Supplier[],
  now: number,
): Promise<Map<string, LeadTime>> {
  const orders = await drizzle(database).all<Order>(sql`
    select supplier_id, placed_at, arrived_at from (
      select o.supplier_id, o.placed_at,
        (select min(at) from stock_moves m where m.order_key = 'po:' || o.purchase_order_id and m.kind = 'po_received') as arrived_at,
        o.cancelled_at, row_number() over (partition by o.supplier_id order by o.placed_at desc) as nth
      from purchase_orders o where o.supplier_id is not null)
    where nth <= ${DELIVERIES} and (arrived_at is not null or cancelled_at is null)`);
  return new Map(
    known.map(({ supplier_id, lead_time_days: mean, lead_time_spread_days: spread }) => {
      const own = orders.filter((order) => order.supplier_id === supplier_id);
      const days = (order: Order) =>
        Math.max(0, ((order.arrived_at ?? now) - order.placed_at) / DAY);
      const delivered = own.filter(({ arrived_at }) => arrived_at !== null).map(days);
      const waiting = own.filter(({ arrived_at }) => arrived_at === null).map(days);
      return [supplier_id, learnLeadTime({ mean, spread }, delivered, waiting)] as const;
    }),
  );
}
