// Which items a single shopper alone has clicked: others are not shown those, since one sender can name any item it likes.
import { hashText } from "../catalog/hash.ts";
import { growInts } from "../catalog/columns.ts";

const NOBODY = 0;
const SEVERAL = -1;

export class LoneItems {
  /** By item: a fingerprint of its only shopper, or one of the above. */
  #shoppers: Int32Array = new Int32Array(0);

  observe(item: number, shopper: string): void {
    this.#shoppers = growInts(this.#shoppers, item + 1, NOBODY);
    const before = this.#shoppers[item] ?? NOBODY;
    if (before === SEVERAL) return;
    // Above 0.
    const mark = (hashText(shopper) >>> 1) | 1;
    this.#shoppers[item] = before === NOBODY || before === mark ? mark : SEVERAL;
  }

  has(item: number): boolean {
    return (this.#shoppers[item] ?? NOBODY) > NOBODY;
  }
}
