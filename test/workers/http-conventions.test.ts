// What holds of every schema of the OpenAPI document: amounts beside their currency, times that say so, names that mean
// one thing.
import type { Schema } from "@cfworker/json-schema";
import { expect, it } from "vitest";
import { COMPONENTS, OPERATIONS, resolveSchema } from "./support/document.ts";

it("gives every amount a currency, and every time as a time", () => {
  for (const { name, responses } of OPERATIONS) {
    for (const [status, { content = {} }] of Object.entries(responses)) {
      for (const { schema } of Object.values(content)) {
        expect(findUnitless(schema, false), `${name} ${status}`).toEqual([]);
      }
    }
  }
});

it("lets null into no schema that has a name", () => {
  for (const [name, { type }] of Object.entries(COMPONENTS)) {
    expect([type].flat(), name).not.toContain("null");
  }
});

/** Names by which our times go. */
const TIME = /_(at|time|seen)$|^(at|timestamp|time|from|to)$/;

/** Amounts without a currency in the same object or one around it, and times that are no `date-time`, by their names. */
function findUnitless(given: Schema, hasCurrency: boolean): string[] {
  const schema = resolveSchema(given);
  const properties = Object.entries(schema.properties ?? {});
  const within = hasCurrency || properties.some(([name]) => name === "currency");
  const own = properties.flatMap(([name, property]) => {
    if (typeof property === "boolean") return [];
    const isUnitless =
      (property.format === "decimal" && !within) ||
      (TIME.test(name) && isPlain(property) && property.format !== "date-time");
    return isUnitless ? [name] : findUnitless(property, within).map((each) => `${name}.${each}`);
  });
  const parts = [schema.items, schema.additionalProperties, schema.anyOf, schema.oneOf].flat();
  return [
    ...own,
    ...parts.flatMap((part) => (typeof part === "object" ? findUnitless(part, within) : [])),
  ];
}

/** A number or a text that may be any; not an object, nor an hour of each day (`21:00`) that happens to have the name. */
function isPlain({ type, pattern }: Schema): boolean {
  if (pattern !== undefined) return false;
  return [type].flat().some((each) => each === "number" || each === "integer" || each === "string");
}
