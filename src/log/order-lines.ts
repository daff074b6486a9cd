// Every line of every order once, however often, in whatever parts and by whichever of a shopper's pseudonyms it was
// told, net of refunds and cancellations: in SQL, over the log. It says what `settleOrder` (durable/state/orders) says
// of one order; a property test holds the two together.
import { sql, type SQL } from "drizzle-orm";
import { LINE_AMOUNT } from "../../durable/state/orders/order.ts";

export type OrderLinesScope = {
  /** A query of one column: pseudonyms whose orders are wanted. Those of the same person come along. All by default. */
  shoppers?: SQL;
  /** The log as it stood when this `seq` was its last. Its end by default. */
  upTo?: SQL;
};

/** In the words of the index `events_of_orders`, without which it would not be used. */
export const IS_ORDER_EVENT = sql.raw("name in ('purchase', 'refund', 'cancel')");

const EVERYBODY = sql`select shopper from events where ${IS_ORDER_EVENT}`;

/** More than any quantity: a refund that names none is of all there is. */
const ALL = sql.raw("1e15");

/** Half up, as the fold does. */
const rounded = (real: string) => sql.raw(`cast(${real} + 0.5 as integer)`);

/**
 * Rows (shopper, transaction_id, event_id, item_id, item_variant, timestamp, ordered, quantity, amount, revenue,
 * recommendation_id); see `orderLines` in schema.ts. A refund that names no order is a row of its own, below nothing.
 */
export function selectOrderLines({ shoppers = EVERYBODY, upTo }: OrderLinesScope = {}): SQL {
  const isKnown = upTo === undefined ? sql.raw("true") : sql`seq <= ${upTo}`;
  return sql`
  with wanted (shopper) as (${shoppers}),
  links as materialized (
    -- Whom a history was handed over to: the first one, since after that none was left.
    select known.shopper, coalesce((
      select i.shopper from events i indexed by events_of_links
      where i.linked_from = known.shopper and ${isKnown} order by i.seq limit 1), known.shopper) as owner
    from (select distinct shopper from wanted) known
  ),
  members as materialized (
    select owner, owner as shopper from links
    union
    select l.owner, i.linked_from from links l
    join events i indexed by events_of_linked on i.shopper = l.owner and i.linked_from is not null and ${isKnown}
    where l.owner = (select f.shopper from events f indexed by events_of_links
      where f.linked_from = i.linked_from and ${isKnown} order by f.seq limit 1)
  ),
  told as materialized (
    select m.owner, coalesce('t' || transaction_id, 'e' || event_id) as order_id, transaction_id, e.shopper, event_id,
      name, item_id, item_variant, min(timestamp) as timestamp, round(sum(coalesce(quantity, 1)), 3) as quantity,
      iif(count(quantity) = count(*), round(sum(quantity), 3), null) as said,
      cast(min(sum(min(${rounded("cast(price as real) * coalesce(quantity, 1)")}, ${LIMIT})), ${LIMIT}) as integer) as amount,
      max(value) as value, max(recommendation_id) as recommendation_id
    from members m join events e indexed by events_of_orders on e.shopper = m.shopper
    where ${IS_ORDER_EVENT} and ${isKnown}
    group by m.owner, order_id, e.shopper, event_id, name, item_id, item_variant
  ),
  bought as materialized (
    select owner, order_id, transaction_id, item_id, item_variant, min(timestamp) as timestamp,
      max(quantity) as ordered, max(amount) as amount, max(recommendation_id) as recommendation_id
    from told where name = 'purchase' and item_id is not null group by owner, order_id, item_id, item_variant
  ),
  totals as (
    select * from (
      select *, row_number() over (partition by owner, order_id order by lines desc, value desc, amount desc) as nth
      from (select owner, order_id, max(value) as value, count(item_id) as lines, total(amount) as amount
        from told where name = 'purchase' group by owner, order_id, shopper, event_id having max(value) is not null))
    where nth = 1
  ),
  sums as (
    select b.owner, b.order_id, case when t.value is null then total(b.amount)
      when t.lines = count(*) then max(0, total(b.amount) + t.value - t.amount)
      else max(t.value, total(b.amount)) end as revenue
    from bought b left join totals t on t.owner = b.owner and t.order_id = b.order_id group by b.owner, b.order_id
  ),
  refunds as materialized (
    -- The same content is the same refund.
    select distinct owner, order_id, iif(content = '[]', value, null) as value, content from (
      select owner, order_id, max(value) as value, json_group_array(json_array(item_id, item_variant, said)
        order by item_id, item_variant) filter (where item_id is not null) as content
      from told where name = 'refund' and transaction_id is not null group by owner, order_id, shopper, event_id)
  ),
  amounts as (
    select owner, order_id, total(value) as given, max(value is null) as is_whole
    from refunds where content = '[]' group by owner, order_id
  ),
  returned as materialized (
    select owner, order_id, line.value ->> 0 as item_id, line.value ->> 1 as item_variant,
      total(coalesce(line.value ->> 2, ${ALL})) as quantity
    from refunds, json_each(content) line group by 1, 2, 3, 4
  ),
  pools as (
    -- What names an item in no variant that was bought is of any of them.
    select owner, order_id, item_id, total(quantity) as quantity from returned r
    where not exists (select 1 from bought b where b.owner = r.owner and b.order_id = r.order_id
      and b.item_id = r.item_id and b.item_variant is r.item_variant)
    group by owner, order_id, item_id
  ),
  exact as (
    select b.*, min(ordered, coalesce(r.quantity, 0)) as own, coalesce(p.quantity, 0) as pool
    from bought b
    left join returned r on r.owner = b.owner and r.order_id = b.order_id
      and r.item_id = b.item_id and r.item_variant is b.item_variant
    left join pools p on p.owner = b.owner and p.order_id = b.order_id and p.item_id = b.item_id
  ),
  taken as (
    select *, round(own + max(0, min(ordered - own, pool - sum(ordered - own) over (
      partition by owner, order_id, item_id order by item_variant is null, item_variant
      rows between unbounded preceding and current row) + ordered - own)), 3) as refunded
    from exact
  ),
  rest as (
    select t.*, amount - iif(refunded >= ordered, amount, ${rounded("cast(amount as real) * refunded / ordered")}) as kept,
      coalesce(a.given, 0) as given,
      coalesce(a.is_whole, 0) or (a.given > 0 and a.given >= s.revenue) or exists (
        select 1 from told c where c.name = 'cancel' and c.owner = t.owner and c.order_id = t.order_id) as is_void
    from taken t
    join sums s on s.owner = t.owner and s.order_id = t.order_id
    left join amounts a on a.owner = t.owner and a.order_id = t.order_id
  ),
  shares as (
    -- An amount that was given back for no line in particular is of all of them, by what they came to.
    select *, total(kept) over (partition by owner, order_id) as whole, total(kept) over (
      partition by owner, order_id order by item_id, item_variant is null, item_variant
      rows between unbounded preceding and current row) as upto
    from rest
  )
  select owner as shopper, transaction_id, iif(transaction_id is null, substr(order_id, 2), null) as event_id,
    item_id, item_variant, timestamp, ordered, iif(is_void, 0, round(ordered - refunded, 3)) as quantity, amount,
    case when is_void then 0 when whole = 0 then kept else kept
      - ${rounded("min(given, whole) * upto / whole")} + ${rounded("min(given, whole) * (upto - kept) / whole")} end as revenue,
    recommendation_id
  from shares
  union all
  select owner, null, event_id, item_id, item_variant, timestamp, 0, -quantity, null, -amount, null
  from told where name = 'refund' and transaction_id is null and item_id is not null`;
}

const LIMIT = sql.raw(String(LINE_AMOUNT));
