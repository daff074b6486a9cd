// How many different shoppers did something, in one small number that names none of them. Pure.
import { hashText } from "../catalog/hash.ts";

/** Bits of SQLite's and JavaScript's small integers; up to about as many shoppers are told apart. */
const BITS = 31;

/** Combined by `|`. */
export const bitOf = (shopper: string): number => 1 << (hashText(shopper) % BITS);

/** About how many shoppers left these bits: linear counting (Whang et al., TODS 1990). */
export function countShoppers(bits: number): number {
  let set = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) set += 1;
  return set >= BITS ? BITS * 3 : Math.round(-Math.log1p(-set / BITS) * BITS);
}
