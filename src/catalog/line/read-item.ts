// One line of a catalogue: from fields as a shop names them to the change that is written. A line says what it wants to
// change: a field that is left out stays as it is, null clears it. Only an unreadable id refuses a line; what else
// cannot be read is left out and noted.
import { accept, refuse, type Result } from "../../../durable/state/result.ts";
import { readNumber } from "../../shop/read/number.ts";
import { cleanText, ID_LENGTH, readId, UNREADABLE } from "../../shop/read/text.ts";
import { readTime } from "../../shop/read/time.ts";
import { readAttributes } from "./attributes.ts";
import { readAvailability, type Availability } from "../availability.ts";
import { pickFields, type PickedFields } from "./fields.ts";
import type { ItemNote } from "./note.ts";
import type { Refusal } from "./refusal.ts";

/** Room for the longest titles of real feeds, characters. */
const MAX_TITLE = 1000;
/** Category and brand, characters: what events keep of them. */
const MAX_LABEL = 256;
/** Characters; Google's own limit. */
const MAX_DESCRIPTION = 5000;
const MAX_URL = 2048;
const MAX_GTIN = 50;
/** Besides the first one. */
const MAX_CATEGORIES = 10;
/** In any currency: in minor units still a safe integer. */
const MAX_PRICE = 1e12;
/** Far above any warehouse, and within 32 bits. */
export const MAX_STOCK = 2_000_000_000;
/** Absolute http(s) or a path in the shop; so nothing like `javascript:` ever comes back to a page. */
const LINK = /^(?:https?:\/\/[^\s/\\]|\/(?![/\\]))/i;
/** `Home > Women > Dresses`, blanks as they come. */
const PATH_STEP = /\s*>\s*/g;
const CURRENCY_IN_PRICE = /(?:^|[\d\s])([A-Z]{3})(?=$|[\d\s-])/;

/** What a line changes. Money in minor units, lists and maps as JSON text, time in ms; absent keys stay as they are. */
export type ItemChange = {
  item_id: string;
  item_group_id?: string | null;
  title?: string | null;
  description?: string | null;
  category?: string | null;
  categories?: string | null;
  brand?: string | null;
  gtin?: string | null;
  price?: number | null;
  sale_price?: number | null;
  cost?: number | null;
  stock?: number | null;
  availability?: Availability | null;
  hidden?: boolean;
  attributes?: string | null;
  image_url?: string | null;
  url?: string | null;
  created_at?: number;
};

/** What a line says, and what of it was not taken. */
export type ReadLine = { change: ItemChange; notes: ItemNote[] };

/** Decimal price in a currency (undefined = the shop's) to the shop's minor units; null where the currency is unknown. */
export type ToMinorUnits = (price: number, currency: string | undefined) => number | null;

export type ItemFields = Readonly<Record<string, unknown>>;

export function readItem(
  fields: ItemFields,
  toMinorUnits: ToMinorUnits,
): Result<ReadLine, Refusal> {
  const picked = pickFields(fields);
  const { given } = picked;
  const item_id = readId(given.item_id);
  if (item_id === null) return refuseItem("item_id: a line needs one.");
  if (item_id === UNREADABLE) {
    return refuseItem(
      `item_id: must be text of at most ${ID_LENGTH} characters without control characters, or a whole number.`,
    );
  }
  const notes: ItemNote[] = picked.unknown.map((field) => ({ field, code: "unknown_field" }));
  const change: ItemChange = { item_id };
  const read = new LineReader(given, notes);
  read.text("title", MAX_TITLE, (text) => (change.title = text));
  read.text("description", MAX_DESCRIPTION, (text) => (change.description = text), stripTags);
  read.text("brand", MAX_LABEL, (text) => (change.brand = text));
  read.text("gtin", MAX_GTIN, (text) => (change.gtin = text));
  read.text("item_group_id", ID_LENGTH, (text) => (change.item_group_id = text));
  read.link("image_url", (text) => (change.image_url = text));
  read.link("url", (text) => (change.url = text));
  readCategories(picked, change, notes);
  const currency = typeof given.currency === "string" ? given.currency : undefined;
  const money = { toMinorUnits, currency };
  read.money("price", money, (amount) => (change.price = amount));
  read.money("sale_price", money, (amount) => (change.sale_price = amount));
  read.money("cost", money, (amount) => (change.cost = amount));
  read.number("stock", MAX_STOCK, (level) => (change.stock = level));
  read.value("availability", readAvailability, (word) => (change.availability = word));
  read.value("hidden", readFlag, (flag) => (change.hidden = flag ?? false));
  read.value("created_at", readTime, (time) => {
    if (time !== null) change.created_at = time;
  });
  if (given.attributes !== undefined || picked.attributes.length > 0) {
    change.attributes = readAttributes(given.attributes, picked.attributes, notes);
  }
  return accept({ change, notes });
}

/** Reads one field after the other; each is set only where it is given and readable. */
class LineReader {
  readonly #given: PickedFields["given"];
  readonly #notes: ItemNote[];

  constructor(given: PickedFields["given"], notes: ItemNote[]) {
    this.#given = given;
    this.#notes = notes;
  }

  value<T>(
    field: keyof PickedFields["given"],
    read: (value: unknown) => T | typeof UNREADABLE,
    set: (value: T) => void,
  ): void {
    const value = this.#given[field];
    if (value === undefined) return;
    const known = read(value);
    if (known === UNREADABLE) this.#notes.push({ field, code: "left_out" });
    else set(known);
  }

  text(
    field: keyof PickedFields["given"],
    limit: number,
    set: (text: string | null) => void,
    clean = (text: string) => text,
  ): void {
    this.value(
      field,
      (value) => {
        const plain = typeof value === "string" ? clean(value) : value;
        if (typeof plain === "string" && plain.trim().length > limit) {
          this.#notes.push({ field, code: "cut" });
        }
        return cleanText(plain, limit);
      },
      set,
    );
  }

  link(field: "image_url" | "url", set: (text: string | null) => void): void {
    this.value(
      field,
      (value) => {
        const text = cleanText(value, MAX_URL + 1);
        if (text === UNREADABLE || text === null) return text;
        return text.length <= MAX_URL && LINK.test(text) ? text : UNREADABLE;
      },
      set,
    );
  }

  /** Shops count what they have sold beyond their stock as a negative level: it is sold out. */
  number(field: "stock", limit: number, set: (level: number | null) => void): void {
    this.value(
      field,
      (value) => {
        const level = readNumber(value);
        if (level === UNREADABLE || level === null) return level;
        return level <= limit ? Math.max(0, level) : UNREADABLE;
      },
      set,
    );
  }

  money(
    field: "price" | "sale_price" | "cost",
    { toMinorUnits, currency }: { toMinorUnits: ToMinorUnits; currency: string | undefined },
    set: (amount: number | null) => void,
  ): void {
    this.value(
      field,
      (value) => {
        const amount = readNumber(value);
        if (amount === UNREADABLE || amount === null) return amount;
        if (amount < 0 || amount > MAX_PRICE) return UNREADABLE;
        const inside = typeof value === "string" ? CURRENCY_IN_PRICE.exec(value)?.[1] : undefined;
        const minor = toMinorUnits(amount, inside ?? currency);
        if (minor === null) this.#notes.push({ field, code: "unsupported_currency" });
        return minor ?? undefined;
      },
      (minor) => {
        if (minor !== undefined) set(minor);
      },
    );
  }
}

/** The first is the item's own; lists and GA4's further ones come after it. */
function readCategories(
  { given, moreCategories }: PickedFields,
  change: ItemChange,
  notes: ItemNote[],
): void {
  const said = [given.category, given.categories, ...moreCategories];
  if (said.every((value) => value === undefined)) return;
  const paths: string[] = [];
  for (const value of said.flat()) {
    const text = cleanText(value, MAX_LABEL);
    if (text === UNREADABLE) notes.push({ field: "category", code: "left_out" });
    else if (text !== null) paths.push(text.replaceAll(PATH_STEP, " > "));
  }
  const [first, ...more] = new Set(paths);
  change.category = first ?? null;
  // One category says nothing of further ones.
  const isList = said.length > 2 || given.categories !== undefined || Array.isArray(given.category);
  if (!isList) return;
  if (more.length > MAX_CATEGORIES) notes.push({ field: "categories", code: "cut" });
  change.categories = more.length === 0 ? null : JSON.stringify(more.slice(0, MAX_CATEGORIES));
}

const YES = new Set(["true", "yes", "1"]);
const NO = new Set(["false", "no", "0", ""]);

function readFlag(value: unknown): boolean | null | typeof UNREADABLE {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value !== "string" && typeof value !== "number") return UNREADABLE;
  const word = String(value).trim().toLowerCase();
  return YES.has(word) ? true : NO.has(word) ? false : UNREADABLE;
}

/** Descriptions come as HTML. */
function stripTags(text: string): string {
  return text.includes("<") ? text.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ") : text;
}

function refuseItem(message: string) {
  return refuse({ code: "invalid_item", message } as const);
}
