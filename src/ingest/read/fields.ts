// Fields of a value that came from outside, by name.

export type Fields = Readonly<Record<string, unknown>>;

const NO_FIELDS: Fields = {};

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** None where the value is no object. */
export function readFields(value: unknown): Fields {
  return isFields(value) ? value : NO_FIELDS;
}

/** The value at a path of names; undefined where there is none. */
export function readPath(value: unknown, ...path: readonly string[]): unknown {
  let at = value;
  for (const name of path) at = isFields(at) ? at[name] : undefined;
  return at;
}

export function isAbsent(value: unknown): value is undefined | null | "" {
  return value === undefined || value === null || value === "";
}

/** The first value that is there; undefined where none is. */
export function firstOf(...values: readonly unknown[]): unknown {
  return values.find((value) => !isAbsent(value));
}
