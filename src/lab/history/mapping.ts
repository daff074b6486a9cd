// Which column of a file says what: as the user maps them, and guessed from their names.
import { SourceError } from "../sources/source-event.ts";

/** What a history may tell of an event, each with names that columns have for it, letters and digits only. */
const NAMES = {
  event_time:
    "eventtime timestamp time ts datetime date eventtimestamp eventdate createdat occurredat servertime visittime " +
    "orderdate invoicedate clientts",
  event: "event eventtype eventname action behavior behaviour behaviortype activity type",
  event_id: "eventid messageid",
  user_id: "userid user customerid customer memberid accountid buyerid uid useridx",
  anonymous_id:
    "anonymousid visitorid visitor clientid deviceid cookieid cookie userpseudoid fullvisitorid",
  session_id: "sessionid session usersession visitid",
  item_id: "itemid item productid product sku articleid stockcode contentid asin goodsid",
  item_variant: "itemvariant variant variantid",
  item_group_id: "itemgroupid groupid parentid",
  item_category: "itemcategory category categorycode categoryname categoryid producttype",
  item_brand: "itembrand brand brandname vendor",
  price: "price unitprice itemprice",
  quantity: "quantity qty units count amountofitems",
  value: "value revenue total ordertotal",
  currency: "currency currencycode",
  transaction_id: "transactionid orderid order invoiceno invoice invoiceid receiptid",
  search_term: "searchterm query searchquery keyword",
  item_list_id: "itemlistid listid",
  index: "index position rank",
  coupon: "coupon couponcode vouchercode",
  page: "page pageurl url pagelocation",
  referrer: "referrer referer pagereferrer",
  country: "country countrycode",
  device: "device devicetype devicecategory",
} as const satisfies Record<string, string>;

export type HistoryField = keyof typeof NAMES;

const HISTORY_FIELDS = Object.keys(NAMES);

/** Columns by field. `event` and `currency` may be a word that holds for all rows instead. */
export type Mapping = {
  columns: Partial<Record<HistoryField, string>>;
  constants: Partial<Record<"event" | "currency", string>>;
};

function isHistoryField(name: string): name is HistoryField {
  return Object.hasOwn(NAMES, name);
}

/** What the columns are called, in the order in which they say it best; the first column that fits is taken. */
export function guessMapping(columns: readonly string[]): Mapping {
  const mapping: Mapping = { columns: {}, constants: {} };
  const taken = new Set<string>();
  for (const [field, names] of Object.entries(NAMES)) {
    for (const name of names.split(" ")) {
      const column = columns.find((each) => !taken.has(each) && normalise(each) === name);
      if (column === undefined || !isHistoryField(field)) continue;
      mapping.columns[field] = column;
      taken.add(column);
      break;
    }
  }
  return mapping;
}

/**
 * Pairs of field and column, over what was guessed.
 * @throws SourceError with a sentence where a field or a column is not known
 */
export function applyMap(
  guessed: Mapping,
  map: readonly (readonly [field: string, column: string])[],
  columns: readonly string[],
): Mapping {
  const mapping: Mapping = { columns: { ...guessed.columns }, constants: { ...guessed.constants } };
  for (const [field, column] of map) {
    if (!isHistoryField(field)) {
      throw new SourceError(
        `--map: "${field}" is no field; fields are ${HISTORY_FIELDS.join(", ")}.`,
      );
    }
    if (columns.includes(column)) {
      for (const [other, taken] of Object.entries(mapping.columns)) {
        if (taken === column && isHistoryField(other)) delete mapping.columns[other];
      }
      mapping.columns[field] = column;
    } else if (field === "event" || field === "currency") {
      delete mapping.columns[field];
      mapping.constants[field] = column;
    } else if (column === "") delete mapping.columns[field];
    else {
      throw new SourceError(
        `--map: there is no column "${column}"; the columns are ${columns.join(", ")}.`,
      );
    }
  }
  return mapping;
}

/** A sentence about what no column says that every event needs, or null. */
export function findMissing({ columns }: Mapping): string | null {
  const missing: string[] = [];
  if (columns.event_time === undefined) missing.push("event_time");
  if (columns.item_id === undefined && columns.transaction_id === undefined)
    missing.push("item_id");
  const who = columns.user_id ?? columns.anonymous_id ?? columns.session_id;
  if (who === undefined && columns.transaction_id === undefined) {
    missing.push("user_id (or anonymous_id, session_id)");
  }
  if (missing.length === 0) return null;
  return `No column is known to say ${missing.join(", ")}`;
}

/** `User ID`, `user_id` and `userId` are one. */
function normalise(column: string): string {
  return column.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}
