// The one convention at the door: inside, an amount is an integer in minor units and a time is ms since the epoch;
// outside, an amount is a decimal in the shop's currency and a time is ISO 8601 in UTC.
import * as z from "zod";

/** @param scale minor units in one unit of the currency, a power of ten */
export function toDecimal(minor: number, scale: number): number {
  return minor / scale;
}

/** Gives back exactly what `toDecimal` was given, up to 2^51; a sender's own decimal is rounded. */
export function toMinorUnits(decimal: number, scale: number): number {
  return Math.round(decimal * scale);
}

export function toIso(ms: number): string {
  return new Date(ms).toISOString();
}

/** What nothing is known of stays so. */
export function orNull<In, Out>(value: In | null, convert: (value: In) => Out): Out | null {
  return value === null ? null : convert(value);
}

/** As answers hold them. Whatever holds an amount says the `currency` beside it. */
export const Time = z.iso.datetime();
export const Amount = z.number().meta({ format: "decimal" });

/** What a time and an amount are, for a schema that describes answers and converts into them alike. */
export type Units<T extends z.ZodType, A extends z.ZodType> = { time: T; amount: A };

export const OUTSIDE: Units<typeof Time, typeof Amount> = { time: Time, amount: Amount };

/** Decoded, a schema of these holds what is kept inside; encoded, what stands in answers. */
export function convertUnits(scale: number) {
  return {
    time: z.codec(Time, z.int(), { decode: (iso) => Date.parse(iso), encode: toIso }),
    amount: z.codec(z.number(), z.number(), {
      decode: (decimal) => toMinorUnits(decimal, scale),
      encode: (minor) => toDecimal(minor, scale),
    }),
  };
}
