// The morning list: of each item that sells or is ordered by somebody, what to order today, how much and why.
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { learnLeadTimes, readSuppliers, type Supplier, type SupplyItem } from "../suppliers.ts";
import { estimateDemand } from "./demand.ts";
import { reorderDecisions } from "../schema.ts";
import {
  classify,
  planItem,
  steadiness,
  type AbcClass,
  type LeadTime,
  type Plan,
  type Terms,
  type XyzClass,
} from "./policy.ts";

const DAY = 86_400_000;
/** Days of sales that demand is read from; today is not over. */
const PAST_DAYS = 180;
/** Items of one list: those that sell most, and what one invocation can plan. */
const MAX_ITEMS = 2000;
/** Where nobody told a supplier. */
const NO_SUPPLIER: LeadTime = { mean: 7, spread: 2 };
/** Items are ordered for at least so many days, so that not every day brings an order. */
const SHORTEST_REVIEW = 7;
/** Wanted chance not to run out, where nobody told one: what brings the money is worth more stock. */
const SERVICE: Record<AbcClass, number> = { A: 0.98, B: 0.95, C: 0.9 };

export type Suggestion = Plan & {
  item_id: string;
  title: string | null;
  supplier_id: string | null;
  on_hand: number;
  on_order: number;
  position: number;
  /** Pieces a day. */
  demand_per_day: number;
  lead: LeadTime;
  service_level: number;
  abc: AbcClass;
  xyz: XyzClass;
  /** What a day of running out costs times its chance, minor units; null without a price. */
  risk_per_day: number | null;
  /** What the quantity costs, minor units; null where nobody told. */
  cost: number | null;
  decision: "open" | "snoozed" | "ordered" | "dismissed";
};

type Row = Partial<Omit<SupplyItem, "item_id">> & {
  item_id: string;
  title: string | null;
  price: number | null;
  stock: number;
  on_order: number;
  /** ms since the epoch. */
  created_at: number;
  sales: string | null;
  revenue: number;
  decision: "snoozed" | "ordered" | "dismissed" | null;
  until: number | null;
};

/** @returns most urgent first; `more`: some items were left out, which sell less than all others */
export async function listReorders(
  database: D1Database,
  now: number,
): Promise<{ suggestions: Suggestion[]; more: boolean }> {
  const today = Math.floor(now / DAY);
  const rows = await readRows(database, today);
  const suppliers = new Map(
    (await readSuppliers(database)).map((supplier) => [supplier.supplier_id, supplier]),
  );
  const leads = await learnLeadTimes(database, [...suppliers.values()], now);
  const considered = rows.slice(0, MAX_ITEMS);
  const classes = classify(new Map(considered.map(({ item_id, revenue }) => [item_id, revenue])));
  const suggestions = considered.map((row) => {
    const supplier = suppliers.get(row.supplier_id ?? "");
    const lead = leads.get(row.supplier_id ?? "") ?? NO_SUPPLIER;
    return suggest(row, { today, now, supplier, lead, abc: classes.get(row.item_id) ?? "C" });
  });
  return { suggestions: suggestions.sort(byUrgency), more: rows.length > MAX_ITEMS };
}

async function readRows(database: D1Database, today: number): Promise<Row[]> {
  const since = new Date((today - PAST_DAYS) * DAY).toISOString().slice(0, 10);
  const until = new Date(today * DAY).toISOString().slice(0, 10);
  return await drizzle(database).all<Row>(sql`
    with sold as (
      select item_id, json_group_array(json_array(dt, units)) as sales, sum(revenue) as revenue, sum(units) as units
      from daily_sales where dt >= ${since} and dt < ${until} group by item_id)
    select i.item_id, i.title, coalesce(i.sale_price, i.price) as price, i.stock, i.created_at, s.sales,
      coalesce(s.revenue, 0) as revenue, t.supplier_id, t.pack_size, t.minimum_quantity,
      coalesce(t.unit_cost, i.cost) as unit_cost, t.service_level, d.state as decision, d.until,
      (select coalesce(sum(max(0, open)), 0) from (
        select sum(case kind when 'po_placed' then quantity else -quantity end) as open from stock_moves m
        where m.item_id = i.item_id and m.kind in ('po_placed', 'po_received', 'po_cancelled') group by m.order_key)) as on_order
    from items i left join sold s on s.item_id = i.item_id
      left join supply_items t on t.item_id = i.item_id
      left join reorder_decisions d on d.item_id = i.item_id
    where i.deleted = 0 and i.stock is not null and (s.item_id is not null or t.item_id is not null or i.stock > 0)
    order by coalesce(s.units, 0) desc, i.item_id limit ${MAX_ITEMS + 1}`);
}

type Given = {
  /** Days since the epoch. */
  today: number;
  now: number;
  supplier: Supplier | undefined;
  lead: LeadTime;
  abc: AbcClass;
};

function suggest(row: Row, { today, now, supplier, lead, abc }: Given): Suggestion {
  const days = readDays(row.sales, today);
  const demand = estimateDemand(days);
  const service_level = row.service_level ?? SERVICE[abc];
  const terms: Terms = {
    lead,
    review: Math.max(SHORTEST_REVIEW, 7 / (supplier?.order_weekdays?.length ?? 7)),
    service: service_level,
    pack: row.pack_size ?? 1,
    minimum: row.minimum_quantity ?? 0,
    isNew: now - row.created_at < PAST_DAYS * DAY,
  };
  const position = row.stock + row.on_order;
  const plan = planItem(demand, row.stock, position, terms);
  const { price, unit_cost = null } = row;
  return {
    ...plan,
    item_id: row.item_id,
    title: row.title,
    supplier_id: row.supplier_id ?? null,
    on_hand: row.stock,
    on_order: row.on_order,
    position,
    demand_per_day: demand.mean,
    lead,
    service_level,
    abc,
    xyz: steadiness(toWeeks(days)),
    risk_per_day:
      price === null ? null : Math.round(demand.mean * price * plan.stockout_probability),
    cost: unit_cost === null ? null : Math.round(plan.quantity * unit_cost),
    decision: decide(row, now),
  };
}

function decide({ decision, until }: Row, now: number): Suggestion["decision"] {
  return decision === null || (until ?? 0) <= now ? "open" : decision;
}

/** Pieces of each day of the past, oldest first; from the first sale on, as what is not sold yet has no demand. */
function readDays(sales: string | null, today: number): Float32Array {
  const told: [string, number][] = sales === null ? [] : JSON.parse(sales);
  const units = new Map(told.map(([dt, sold]) => [Math.floor(Date.parse(dt) / DAY), sold]));
  const first = Math.min(today, ...units.keys());
  return Float32Array.from({ length: today - first }, (_, index) =>
    Math.max(0, units.get(first + index) ?? 0),
  );
}

function toWeeks(days: Float32Array): number[] {
  return Array.from({ length: Math.floor(days.length / 7) }, (_, week) =>
    days.subarray(week * 7, week * 7 + 7).reduce((sum, units) => sum + units, 0),
  );
}

const URGENCY = ["critical", "order_now", "good", "excess", "dead"] as const;

function byUrgency(a: Suggestion, b: Suggestion): number {
  return (
    URGENCY.indexOf(a.state) - URGENCY.indexOf(b.state) ||
    (b.risk_per_day ?? 0) - (a.risk_per_day ?? 0) ||
    (a.item_id < b.item_id ? -1 : 1)
  );
}

/** @param until ms; the suggestion is open again from then on */
export async function decideReorder(
  database: D1Database,
  item_id: string,
  state: Suggestion["decision"],
  until: number,
  now: number,
): Promise<void> {
  const db = drizzle(database);
  if (state === "open") {
    await db.run(sql`delete from ${reorderDecisions} where item_id = ${item_id}`);
    return;
  }
  await db.run(sql`
    insert into ${reorderDecisions} (item_id, state, until, decided_at) values (${item_id}, ${state}, ${until}, ${now})
    on conflict (item_id) do update set state = excluded.state, until = excluded.until, decided_at = excluded.decided_at`);
}
