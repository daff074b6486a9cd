// Items by the words that describe them: cosine of tf-idf vectors, for items that nobody has bought or clicked yet. Words of
// any script: what is written without spaces counts by its pairs of characters.
import type { Candidate, Click, Retriever } from "./retriever.ts";
import { SparseScores } from "./sparse-scores.ts";

/** Letters and digits of scripts that put spaces between words. */
const WORDS = /[\p{L}\p{N}]+/gu;
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/u;
/** Parts of words find inflections and compounds; they count half of what a whole word does. */
const GRAM = 4;
const GRAM_WEIGHT = 0.5;

type Posting = { item: number; weight: number };

export class TextNeighbours implements Retriever {
  readonly name = "text";
  readonly #postings = new Map<string, Posting[]>();
  /** By item: its terms with their weights, a unit vector. */
  readonly #vectors: ReadonlyMap<string, number>[];
  readonly #scores = new SparseScores();

  /** @param texts by item; empty for one that nothing is known of */
  constructor(texts: readonly string[]) {
    const counts = texts.map(countTerms);
    const documents = new Map<string, number>();
    for (const terms of counts) {
      for (const term of terms.keys()) documents.set(term, (documents.get(term) ?? 0) + 1);
    }
    const rarity = (term: string) =>
      1 + Math.log((1 + texts.length) / (1 + (documents.get(term) ?? 0)));
    this.#vectors = counts.map((terms) => toUnit(terms, rarity));
    for (const [item, vector] of this.#vectors.entries()) {
      for (const [term, weight] of vector) {
        const held = this.#postings.get(term);
        if (held === undefined) this.#postings.set(term, [{ item, weight }]);
        else held.push({ item, weight });
      }
    }
  }

  /** Nobody's clicks change what an item is. */
  observe(_click: Click): void {}

  /** Like the last item. */
  retrieve(session: readonly number[], k: number): Candidate[] {
    this.#scores.clear();
    const last = session.at(-1) ?? -1;
    for (const [term, own] of this.#vectors[last] ?? []) {
      for (const { item, weight } of this.#postings.get(term) ?? []) {
        if (item !== last) this.#scores.add(item, own * weight);
      }
    }
    return this.#scores.toCandidates(k);
  }
}

function countTerms(text: string): Map<string, number> {
  const terms = new Map<string, number>();
  const add = (term: string, weight: number) => terms.set(term, (terms.get(term) ?? 0) + weight);
  for (const [word] of text.normalize("NFKC").toLowerCase().matchAll(WORDS)) {
    if (UNSPACED.test(word)) {
      const signs = Array.from(word);
      for (const [index, sign] of signs.entries()) add(sign + (signs[index + 1] ?? ""), 1);
      continue;
    }
    add(word, 1);
    const padded = ` ${word} `;
    for (let at = 0; at + GRAM <= padded.length; at++) {
      add(`…${padded.slice(at, at + GRAM)}`, GRAM_WEIGHT);
    }
  }
  return terms;
}

function toUnit(
  terms: ReadonlyMap<string, number>,
  rarity: (term: string) => number,
): Map<string, number> {
  const weights = new Map(
    [...terms].map(([term, count]) => [term, Math.log1p(count) * rarity(term)]),
  );
  const length = Math.hypot(...weights.values());
  return new Map([...weights].map(([term, weight]) => [term, length > 0 ? weight / length : 0]));
}
