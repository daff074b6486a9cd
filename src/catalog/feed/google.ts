// Google Merchant feeds: RSS 2.0 and Atom with the `g:` namespace, and what their tables have in common with them.
import { decodeText } from "../../files/open-bytes.ts";
import { readXmlItems, type XmlFields } from "../../files/xml-items.ts";
import type { ItemFields } from "../line/read-item.ts";
import { MAX_ITEM, refuseLong, type FeedRow } from "./feed-row.ts";

/** Elements that may come several times, as the category does; of all others the first counts. */
const REPEATED = new Set(["product_type"]);

export async function* readGoogleXml(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FeedRow> {
  for await (const item of readXmlItems(decodeText(bytes), MAX_ITEM)) {
    if (item.kind === "broken") yield item;
    else if (item.kind === "too_long") yield refuseLong(item.line);
    else {
      const size = JSON.stringify(item.fields).length;
      yield { kind: "item", line: item.line, size, fields: completeGoogle(flatten(item.fields)) };
    }
  }
}

/** A feed tells the whole of an item: a sale that it does not name any more has ended. */
export function completeGoogle(fields: ItemFields): ItemFields {
  const isPriced = fields["price"] !== undefined;
  return isPriced && fields["sale_price"] === undefined ? { ...fields, sale_price: null } : fields;
}

function flatten(fields: XmlFields): ItemFields {
  const flat: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (REPEATED.has(name)) flat[name] = [value].flat();
    else if (typeof value === "string") flat[name] = value;
    else if (name === "product_detail") flat["attributes"] = readDetails(value);
    else flat[name] = value[0];
  }
  return flat;
}

/** `<g:product_detail>` has the name of a fact and the fact. */
function readDetails(details: readonly (string | Record<string, string>)[]): ItemFields {
  const facts: Record<string, string> = {};
  for (const detail of details) {
    if (typeof detail === "string") continue;
    const name = detail["attribute_name"]?.trim();
    if (name) facts[name] = detail["attribute_value"]?.trim() ?? "";
  }
  return facts;
}
