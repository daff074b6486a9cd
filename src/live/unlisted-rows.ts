// Events about items that the catalogue does not have: the last few wait for their item, which may be on its way. They
// take no number of an item and no room of any index, so whoever makes ids up crowds out nobody.
import { NO_ITEM } from "../catalog/catalog-item.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { TailRow } from "./tail-row.ts";

/** 1 MB. */
const MAX_ROWS = 2000;

type Waiting = { row: TailRow; session: string };

export class UnlistedRows {
  #rows: Waiting[] = [];
  /** How much of the catalogue was looked at for them. */
  #looked = -1;

  keep(row: TailRow, session: string): void {
    this.#rows.push({ row, session });
    if (this.#rows.length >= 2 * MAX_ROWS) this.#rows = this.#rows.slice(-MAX_ROWS);
  }

  /** Those whose item has come, oldest first; each once. */
  takeListed(catalog: Catalog): Waiting[] {
    if (this.#looked === catalog.size || this.#rows.length === 0) return [];
    this.#looked = catalog.size;
    const isListed = ({ row }: Waiting) => catalog.find(row.item_id ?? "") !== NO_ITEM;
    const listed = this.#rows.filter(isListed);
    if (listed.length > 0) this.#rows = this.#rows.filter((waiting) => !isListed(waiting));
    return listed;
  }
}
