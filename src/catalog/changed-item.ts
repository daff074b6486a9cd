// An item as the catalogue in memory takes it in. Plain data: whoever has it need not know the table it comes from.

import type { Availability } from "./availability.ts";

/** What an isolate's snapshot needs of an item: its row (`ItemRow`) without what only writers ask for. */
export type ChangedItem = {
  item_id: string;
  /** What all variants of an item are of. */
  item_group_id: string | null;
  title: string | null;
  category: string | null;
  /** Further categories, a JSON array of texts. */
  categories: string | null;
  brand: string | null;
  /** Minor units of the shop's currency. */
  price: number | null;
  /** What it sells for instead while it is not null. */
  sale_price: number | null;
  /** Units for sale; null = unknown or unlimited. */
  stock: number | null;
  availability: Availability | null;
  /** In the catalogue, but not to be shown. */
  hidden: boolean;
  /** A JSON object of the shop's own facts; null where there are too many to hold. */
  attributes: string | null;
  image_url: string | null;
  url: string | null;
  /** When the shop began to sell it, ms since the epoch. */
  created_at: number;
  deleted: boolean;
  /** Grows with every write to the table and is never used twice. */
  changed: number;
};
