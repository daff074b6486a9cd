// What the session itself says of a candidate: whether, when and how often it was in it, and how long it has been.

export const SESSION_FEATURES = [
  "times_in_session",
  "nearness",
  "earliness",
  "is_last",
  "is_second_last",
  "in_session",
  "log_length",
  "is_first_step",
  "is_second_step",
  "distinct_share",
  "last_was_repeat",
] as const;

/** More clicks on one item say no more. */
const MANY = 4;

/** Writes SESSION_FEATURES of each candidate into `out` [count, width] from column `at` on. */
export function writeSessionFeatures(
  session: readonly number[],
  items: Int32Array,
  count: number,
  out: Float32Array,
  width: number,
  at: number,
): void {
  const { length } = session;
  const last = session[length - 1];
  const second = session[length - 2];
  const common = [
    Math.log1p(length),
    flag(length === 1),
    flag(length === 2),
    new Set(session).size / Math.max(1, length),
    flag(length > 1 && last === second),
  ];
  const indexes = readOccurrences(session);
  for (let index = 0; index < count; index++) {
    const item = items[index] ?? -1;
    const held = indexes.get(item);
    const to = index * width + at;
    out[to] = held === undefined ? 0 : Math.min(MANY, held.times);
    out[to + 1] = held === undefined ? 0 : 1 / (length - held.last);
    out[to + 2] = held === undefined ? 0 : 1 / (1 + held.first);
    out[to + 3] = flag(item === last);
    out[to + 4] = flag(item === second);
    out[to + 5] = flag(held !== undefined);
    out.set(common, to + 6);
  }
}

type Occurrences = { times: number; first: number; last: number };

function readOccurrences(session: readonly number[]): Map<number, Occurrences> {
  const indexes = new Map<number, Occurrences>();
  for (const [index, item] of session.entries()) {
    const held = indexes.get(item);
    if (held === undefined) indexes.set(item, { times: 1, first: index, last: index });
    else Object.assign(held, { times: held.times + 1, last: index });
  }
  return indexes;
}

function flag(condition: boolean): number {
  return condition ? 1 : 0;
}
