// Brings prices from any currency into integer minor units of the shop's own, so that no cart mixes currencies.
import * as z from "zod";

export type Money = {
  /** ISO 4217 code of the shop's currency. */
  currency: string;
  /** Minor units in one unit: 100 for EUR, 1 for JPY. */
  scale: number;
  /** Units of the shop's currency for one unit of another. */
  rates: ReadonlyMap<string, number>;
};

const Rates = z.record(z.string().regex(/^[A-Z]{3}$/), z.number().positive());

/** Reads the variables CURRENCY and EXCHANGE_RATES; throws where they are no currency and no rates. */
export function readMoney(currency: string, exchangeRates: string): Money {
  const format = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
  const rates = Rates.parse(JSON.parse(exchangeRates));
  return {
    currency,
    scale: 10 ** (format.maximumFractionDigits ?? 2),
    rates: new Map(Object.entries(rates)),
  };
}

/** What one unit of `currency` is in minor units of the shop's, or null for a currency without a rate. */
export function minorUnitsOf(currency: string | null | undefined, money: Money): number | null {
  if (currency === null || currency === undefined || currency === "") return money.scale;
  const code = currency.toUpperCase();
  if (code === money.currency) return money.scale;
  const rate = money.rates.get(code);
  return rate === undefined ? null : rate * money.scale;
}
