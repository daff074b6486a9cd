// What a shopper may have meant by a word, out of the words that the shop has: the word itself, its other number, else
// what differs by a slip of the finger. Pure.

/** A word of the shop, and how many items have it. */
export type KnownWord = { term: string; doc: number };

/** Words shorter than this are taken as they are: nearly everything is near them. */
const MIN_LENGTH = 4;
/** From this length on two slips are forgiven. */
const LONG = 8;
/** Words that one word may stand for. */
const MAX_MEANT = 6;
/** Endings of the plural in English, German, Dutch, French and Spanish. */
const ENDINGS = new Set(["s", "es", "e", "n", "en", "er", "x"]);

export type Meant = {
  /** To be looked for; empty where nothing is near. */
  words: string[];
  /** Whether none of them is what was typed. */
  corrected: boolean;
};

/**
 * @param known words of the shop that begin as the word does
 * @param isWhole false for a word that may go on: where it does, nothing is put right
 */
export function findMeant(word: string, known: readonly KnownWord[], isWhole = true): Meant {
  const kin = known.filter(({ term }) => term === word || areNumbers(term, word));
  if (kin.length > 0) return { words: pick(kin), corrected: false };
  const goesOn = !isWhole && known.some(({ term }) => term.startsWith(word));
  if (goesOn || word.length < MIN_LENGTH) return { words: [], corrected: false };
  const slips = word.length >= LONG ? 2 : 1;
  const near = known
    .map((entry) => ({ ...entry, slips: countSlips(word, entry.term, slips) }))
    .filter((entry) => entry.slips <= slips)
    .toSorted((a, b) => a.slips - b.slips || b.doc - a.doc);
  const least = near[0]?.slips;
  const words = near.filter((entry) => entry.slips === least).map(({ term }) => term);
  return { words: words.slice(0, MAX_MEANT), corrected: words.length > 0 };
}

const pick = (words: readonly KnownWord[]): string[] =>
  words
    .toSorted((a, b) => b.doc - a.doc)
    .slice(0, MAX_MEANT)
    .map(({ term }) => term);

/** Singular and plural of one word, as far as endings tell. */
function areNumbers(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const ending = long.slice(short.length);
  return short.length >= MIN_LENGTH - 1 && long.startsWith(short) && ENDINGS.has(ending);
}

/**
 * Optimal string alignment distance: letters added, left out, replaced, or swapped with their neighbour; `limit` + 1 for
 * all that is farther.
 */
export function countSlips(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const replaced = at(above, j - 1) + (isSame ? 0 : 1);
      let slips = Math.min(at(above, j) + 1, at(row, j - 1) + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        slips = Math.min(slips, at(before, j - 2) + 1);
      row.push(slips);
    }
    if (Math.min(...row) > limit) return limit + 1;
    before = above;
    above = row;
  }
  return Math.min(at(above, b.length), limit + 1);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Infinity;
