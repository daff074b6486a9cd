// Shopify's product CSV: a row a variant, of which only the first of a product tells the product's facts. Each variant
// with a SKU is an item of its own and the handle their group; without SKUs the product is one item.
import type { ItemFields } from "../line/read-item.ts";
import type { FeedRow } from "./feed-row.ts";
import type { Cells, TableReader } from "./table-reader.ts";

export function isShopify(columns: readonly string[]): boolean {
  return columns.includes("Handle") && columns.includes("Variant Price");
}

type Part = { line: number; cells: Cells };

/** What Shopify writes into a product with no options. */
const NO_OPTION = "Default Title";
const OPTIONS = [1, 2, 3];

export class ShopifyProducts implements TableReader {
  #parts: Part[] = [];

  push(line: number, cells: Cells): FeedRow[] {
    const isSame = this.#parts[0]?.cells["Handle"] === cells["Handle"];
    const found = isSame ? [] : this.finish();
    this.#parts.push({ line, cells });
    return found;
  }

  finish(): FeedRow[] {
    const parts = this.#parts;
    this.#parts = [];
    const [first] = parts;
    if (first === undefined) return [];
    // Rows after the first may hold nothing but one more picture.
    const variants = parts.filter(({ cells }) => (cells["Variant Price"] ?? "") !== "");
    const isSplit = variants.some(({ cells }) => readSku(cells) !== "");
    const rows = isSplit ? variants.filter(({ cells }) => readSku(cells) !== "") : [first];
    return rows.map(({ line, cells }) => {
      const fields = isSplit
        ? readVariant(first.cells, cells)
        : { ...readVariant(first.cells, first.cells), stock: sumStock(variants) };
      return { kind: "item", line, size: JSON.stringify(fields).length, fields };
    });
  }
}

/** A leading apostrophe keeps spreadsheets from reading a number. */
function readSku(cells: Cells): string {
  return (cells["Variant SKU"] ?? "").trim().replace(/^'/, "");
}

function readVariant(product: Cells, variant: Cells): ItemFields {
  const price = variant["Variant Price"] ?? "";
  const before = variant["Variant Compare At Price"] ?? "";
  const isOnSale = before !== "" && Number(before) > Number(price);
  const names = OPTIONS.map((n) => variant[`Option${n} Value`] ?? "");
  const named = names.filter((name) => name !== "" && name !== NO_OPTION);
  const handle = product["Handle"] ?? "";
  const sku = readSku(variant);
  return {
    item_id: sku === "" ? handle : sku,
    item_group_id: handle,
    title: [product["Title"] ?? "", ...named].join(" - "),
    description: product["Body (HTML)"] ?? "",
    category: product["Type"] || product["Product Category"] || null,
    brand: product["Vendor"] ?? "",
    price: isOnSale ? before : price,
    sale_price: isOnSale ? price : null,
    ...given("cost", variant["Cost per item"]),
    ...given("gtin", variant["Variant Barcode"]?.replace(/^'/, "")),
    ...readStock(variant),
    hidden: isHidden(product),
    image_url: variant["Variant Image"] || product["Image Src"] || null,
    attributes: readOptions(product, variant),
  };
}

/** A product without a status is active, one that is not published is not. */
function isHidden(product: Cells): boolean {
  const status = (product["Status"] ?? "active").toLowerCase();
  const published = (product["Published"] ?? "true").toLowerCase();
  return published === "false" || (status !== "active" && status !== "");
}

/** Without a tracker the stock is unlimited; with the policy `continue` it goes on to be sold when there is none. */
function readStock(variant: Cells): ItemFields {
  const isTracked = (variant["Variant Inventory Tracker"] ?? "") !== "";
  const isEndless = variant["Variant Inventory Policy"] === "continue";
  return {
    availability: isEndless ? "backorder" : null,
    ...(isTracked ? given("stock", variant["Variant Inventory Qty"]) : { stock: null }),
  };
}

/** Null where one of them is unlimited. */
function sumStock(variants: readonly Part[]): number | null {
  const levels = variants.map(({ cells }) => readStock(cells)["stock"]);
  if (levels.some((level) => typeof level !== "string")) return null;
  return levels.reduce<number>((sum, level) => sum + Math.max(0, Number(level)), 0);
}

/** Only the first row of a product names its options. */
function readOptions(product: Cells, variant: Cells): ItemFields {
  const options = OPTIONS.flatMap((n) => {
    const name = product[`Option${n} Name`] ?? "";
    const value = variant[`Option${n} Value`] ?? "";
    return name === "" || value === "" || value === NO_OPTION ? [] : [[name.toLowerCase(), value]];
  });
  const tags = (product["Tags"] ?? "").split(",").map((tag) => tag.trim());
  const kept = tags.filter((tag) => tag !== "");
  return { ...Object.fromEntries(options), ...(kept.length === 0 ? {} : { tags: kept }) };
}

function given(field: string, value: string | undefined): ItemFields {
  return value === undefined || value === "" ? {} : { [field]: value };
}
