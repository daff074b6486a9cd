// WooCommerce's product CSV: a row a product or variation. Variations are items of their own in the group of their parent.
import type { ItemFields } from "../line/read-item.ts";
import type { FeedRow } from "./feed-row.ts";
import { sizeOf, type Cells, type TableReader } from "./table-reader.ts";

export function isWooCommerce(columns: readonly string[]): boolean {
  return columns.includes("Regular price") && columns.includes("Type") && columns.includes("ID");
}

const GTIN = "GTIN, UPC, EAN, or ISBN";
const ATTRIBUTE = /^Attribute (\d+) name$/;
/** A comma that is none of a list is written `\,`. */
const LIST_COMMA = /(?<!\\),\s*/;

export class WooProducts implements TableReader {
  /** Ids of products by their SKU: variations name their parent by either. */
  readonly #ids = new Map<string, string>();
  /** Categories, brand and visibility of products with variations, which do not repeat them. */
  readonly #parents = new Map<string, ItemFields>();

  push(line: number, cells: Cells): FeedRow[] {
    const id = cells["ID"] ?? "";
    const sku = (cells["SKU"] ?? "").trim();
    if (sku !== "") this.#ids.set(sku, id);
    const fields = this.#read(id, cells);
    return [{ kind: "item", line, size: sizeOf(cells), fields }];
  }

  finish(): FeedRow[] {
    return [];
  }

  #read(id: string, cells: Cells): ItemFields {
    const parent = this.#findParent(cells["Parent"] ?? "");
    const own = readShared(cells);
    if ((cells["Type"] ?? "").includes("variable")) {
      this.#parents.set(id, own);
      // Its variations are what is for sale.
      return { ...readProduct(id, cells), ...own, item_group_id: id };
    }
    const whole = parent === null ? undefined : this.#parents.get(parent);
    const hidden = own["hidden"] === true || whole?.["hidden"] === true;
    const shared = whole === undefined ? own : { ...whole, ...withoutNull(own) };
    return { ...readProduct(id, cells), ...shared, hidden, item_group_id: parent };
  }

  /** `id:44`, or a SKU. */
  #findParent(text: string): string | null {
    const name = text.trim();
    if (name === "") return null;
    return name.startsWith("id:") ? name.slice(3).trim() : (this.#ids.get(name) ?? name);
  }
}

function readProduct(id: string, cells: Cells): ItemFields {
  const [image = ""] = (cells["Images"] ?? "").split(LIST_COMMA);
  return {
    item_id: id,
    title: cells["Name"] ?? "",
    description: cells["Short description"] || cells["Description"] || "",
    price: cells["Regular price"] ?? "",
    sale_price: cells["Sale price"] ?? "",
    gtin: cells[GTIN] ?? "",
    stock: cells["Stock"] ?? "",
    availability: readInStock(cells),
    image_url: image,
    ...(cells["External URL"] ? { url: cells["External URL"] } : {}),
    attributes: readAttributes(cells),
  };
}

/** What a variation takes over where its own row does not say. */
function readShared(cells: Cells): ItemFields {
  const categories = splitList(cells["Categories"]);
  const published = cells["Published"] ?? "1";
  const isHidden = published !== "1" || cells["Visibility in catalog"] === "hidden";
  return {
    ...(categories.length === 0 ? { category: null } : { category: categories }),
    brand: splitList(cells["Brands"])[0] ?? null,
    hidden: isHidden,
  };
}

function withoutNull(fields: ItemFields): ItemFields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function readInStock(cells: Cells): string | null {
  const word = cells["In stock?"] ?? "";
  const mayWait = ["1", "yes", "notify"].includes(cells["Backorders allowed?"] ?? "");
  if (word === "backorder" || mayWait) return "backorder";
  return word === "0" ? "out_of_stock" : word === "1" ? "in_stock" : null;
}

function readAttributes(cells: Cells): ItemFields {
  const facts: Record<string, unknown> = {};
  for (const [column, name] of Object.entries(cells)) {
    const number = ATTRIBUTE.exec(column)?.[1];
    if (number === undefined || name === "") continue;
    const values = splitList(cells[`Attribute ${number} value(s)`]);
    if (values.length > 0) facts[name.toLowerCase()] = values.length === 1 ? values[0] : values;
  }
  const tags = splitList(cells["Tags"]);
  return tags.length === 0 ? facts : { ...facts, tags };
}

function splitList(text: string | undefined): string[] {
  return (text ?? "")
    .split(LIST_COMMA)
    .map((part) => part.replaceAll("\\,", ",").trim())
    .filter((part) => part !== "");
}
