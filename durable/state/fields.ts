// A record's fields declared once, as data: a name and a kind each. A kind that ends in `?` may be null.
// What a kind is in some place (a column, a schema) that place says itself; this file must not know.

export type Fields = Readonly<Record<string, string>>;

/** What `Makers` give for each field. */
export type Made<F extends Fields, Makers extends Record<F[keyof F], () => unknown>> = {
  -readonly [Name in keyof F]: ReturnType<Makers[F[Name]]>;
};

/** The kinds of fields that a part of the record has, where the part itself may be missing. */
export type Optional<F extends Fields> = {
  readonly [Name in keyof F]: F[Name] extends `${string}?` ? F[Name] : `${F[Name]}?`;
};

type Names = Readonly<Record<string, string>>;
type NameIn<Name, N extends Names> = Name extends keyof N ? N[Name] : Name;

/** The fields under other names. */
export type Renamed<F extends Fields, N extends Names> = {
  readonly [Name in keyof F as NameIn<Name, N> & string]: F[Name];
};

/**
 * Name and value. TypeScript cannot follow an object that is built field by field, so what is built of these is taken
 * on trust: here, and nowhere else.
 */
type Entry = unknown[];

export function namesOf<F extends object>(fields: F): (keyof F & string)[] {
  const names: (keyof F & string)[] = [];
  for (const name in fields) names.push(name);
  return names;
}

/**
 * One thing a field, by the field's kind.
 *
 * @example mapKinds({ id: "text", price: "money?" }, { text: () => z.string(), "money?": () => z.int().nullable() })
 */
export function mapKinds<F extends Fields, Makers extends Record<F[keyof F], () => unknown>>(
  fields: F,
  makers: Makers,
): Made<F, Makers> {
  const made: Made<F, Makers> = Object.fromEntries(
    namesOf(fields).map((name): Entry => [name, makers[fields[name]]()]),
  );
  return made;
}

export function optional<F extends Fields>(fields: F): Optional<F> {
  const kinds: Optional<F> = Object.fromEntries(
    Object.entries(fields).map(([name, kind]): Entry => [name, kind.replace(/\??$/, "?")]),
  );
  return kinds;
}

export function rename<F extends Fields, N extends Names>(fields: F, names: N): Renamed<F, N> {
  const renamed: Renamed<F, N> = Object.fromEntries(
    Object.entries(fields).map(([name, kind]): Entry => [names[name] ?? name, kind]),
  );
  return renamed;
}

/** Null for each field that may be null. */
export function nullsOf<F extends Fields>(
  fields: F,
): { [Name in keyof F as F[Name] extends `${string}?` ? Name : never]: null } {
  const names = namesOf(fields).filter((name) => fields[name]?.endsWith("?"));
  const nulls: ReturnType<typeof nullsOf<F>> = Object.fromEntries(
    names.map((name): Entry => [name, null]),
  );
  return nulls;
}

type Picked<F extends Fields, R, N extends Names> = {
  [Name in keyof F]: R[NameIn<Name, N> & keyof R];
};

/** The values of these fields, which `record` may have under other names. */
export function pick<
  F extends Fields,
  R extends { readonly [Name in keyof Renamed<F, N>]: unknown },
  N extends Names,
>(record: R, fields: F, names: N): Picked<F, R, N> {
  const picked: Picked<F, R, N> = Object.fromEntries(
    namesOf(fields).map((name): Entry => [name, Reflect.get(record, names[name] ?? name)]),
  );
  return picked;
}
