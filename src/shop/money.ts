// Brings prices from any currency into integer minor units of the shop's own, so that no cart mixes currencies.
import * as z from "zod";

export type Currency = {
  /** ISO 4217 code of the shop's currency. */
  currency: string;
  /** Minor units in one unit: 100 for EUR, 1 for JPY. */
  scale: number;
};

export type Money = Currency & {
  /** Units of the shop's currency for one unit of another. */
  rates: ReadonlyMap<string, number>;
};

const Rates = z.record(z.string().regex(/^[A-Z]{3}$/), z.number().positive());

/** Reads the variables CURRENCY and EXCHANGE_RATES; throws where they are no currency and no rates. */
export function readMoney(currency: string, exchangeRates: string): Money {
  const rates = Rates.parse(JSON.parse(exchangeRates));
  return { ...readCurrency(currency), rates: new Map(Object.entries(rates)) };
}

/** Throws for what cannot be a currency's code. */
export function readCurrency(currency: string): Currency {
  const format = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
  return { currency, scale: 10 ** (format.maximumFractionDigits ?? 2) };
}

/** What one unit of `currency` is in minor units of the shop's, or null for a currency without a rate. */
export function minorUnitsOf(currency: string | null | undefined, money: Money): number | null {
  if (currency === null || currency === undefined || currency === "") return money.scale;
  const code = currency.toUpperCase();
  if (code === money.currency) return money.scale;
  const rate = money.rates.get(code);
  return rate === undefined ? null : rate * money.scale;
}

/** Decimal prices in a currency (none = the shop's) to the shop's minor units; null for a currency without a rate. */
export function convertPrices(money: Money): (price: number, currency?: string) => number | null {
  return (price, currency) => {
    const unit = minorUnitsOf(currency, money);
    return unit === null ? null : Math.round(price * unit);
  };
}
