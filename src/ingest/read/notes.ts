// What reading one event had to leave out or could not understand, so that the sender can be told. Nothing here is fatal.

/** Why one line of an event was refused while the rest of it was kept. */
export const LINE_CODES = [
  "invalid_line",
  "invalid_item_id",
  "invalid_price",
  "invalid_quantity",
  "unsupported_currency",
  "too_many_lines",
] as const;
export type LineCode = (typeof LINE_CODES)[number];

export type RefusedLine = {
  /** Place in the event's items, from 0. */
  line: number;
  code: LineCode;
  message: string;
};

export type Notes = {
  /** Values that were cleaned, cut or left out. */
  cleaned: number;
  /** Names of fields that nobody here knows, such as `items.colour`. */
  unknown: string[];
  lines: RefusedLine[];
  /** Its `user_id` came without proof, so it is the anonymous shopper's. */
  unverified?: true;
};

/** Names told of one event; more would only repeat the same mistake. */
const MAX_UNKNOWN = 20;
/** Characters of a name that is told. */
const MAX_NAME = 64;

export function startNotes(): Notes {
  return { cleaned: 0, unknown: [], lines: [] };
}

/** Notes every key of `fields` that `known` has not, under `prefix`. */
export function noteUnknown(
  notes: Notes,
  prefix: string,
  fields: object,
  known: ReadonlySet<string>,
): void {
  for (const key in fields) {
    if (known.has(key)) continue;
    const name = `${prefix}.${key.slice(0, MAX_NAME)}`;
    if (notes.unknown.length < MAX_UNKNOWN && !notes.unknown.includes(name)) {
      notes.unknown.push(name);
    }
  }
}
