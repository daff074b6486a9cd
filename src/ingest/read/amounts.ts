// Amounts of money and the currencies that they are in.
import { minorUnitsOf, type Money } from "../../shop/money.ts";
import { isFields } from "./fields.ts";
import { MAX_MONEY } from "./limits.ts";
import type { Notes } from "./notes.ts";
import { readNumber } from "../../shop/read/number.ts";
import { UNREADABLE } from "../../shop/read/text.ts";

/** Signs that stand for one currency; `$` and `kr` stand for many. */
const SIGNS = new Map([
  ["€", "EUR"],
  ["£", "GBP"],
  ["₹", "INR"],
  ["₺", "TRY"],
  ["₽", "RUB"],
  ["zł", "PLN"],
]);

/** Minor units of the shop's currency in one unit of this one; null where it has no rate. */
export function readUnit(currency: unknown, money: Money): number | null {
  if (currency === undefined || currency === null) return money.scale;
  if (typeof currency !== "string") return null;
  const text = currency.trim();
  return minorUnitsOf(SIGNS.get(text) ?? text, money);
}

/** The currency that all lines name; undefined where they do not agree. */
export function commonCurrency(items: readonly unknown[]): unknown {
  const [first] = items;
  const currency = isFields(first) ? first["currency"] : undefined;
  const agree = items.every((item) => isFields(item) && item["currency"] === currency);
  return agree ? currency : undefined;
}

/** Minor units of the shop's currency. An amount that cannot be is left out: the lines tell the sum. */
export function readAmount(value: unknown, unit: number, notes: Notes): number | null {
  const amount = readNumber(value);
  if (amount === null) return null;
  if (amount !== UNREADABLE && amount >= 0 && amount <= MAX_MONEY) return Math.round(amount * unit);
  notes.cleaned += 1;
  return null;
}
