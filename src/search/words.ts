// Words of a text, the same for items and for what shoppers type: any script, case and accents folded. Pure.

/** Characters of one text that count; a description may be a book. */
const MAX_TEXT = 20_000;
/** Characters of a word; longer ones are codes that nobody types whole. */
const MAX_WORD = 40;

const WORD = /[\p{L}\p{N}\p{M}]+/gu;
/** Scripts that are written without spaces. */
const UNSPACED = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}]+/u;
const UNSPACED_PARTS = new RegExp(`${UNSPACED.source}|[^${UNSPACED.source.slice(1, -2)}]+`, "gu");
/** Marks that Latin, Greek and Cyrillic do without; those of Thai or Hindi are letters of their own. */
const ACCENTS = /[\u0300-\u036f]/gu;

/** Words in order, repeats included. Text without spaces comes as pairs of neighbouring characters. */
export function splitWords(text: string): string[] {
  const folded = fold(text.slice(0, MAX_TEXT));
  return (folded.match(WORD) ?? []).flatMap((word) =>
    (word.match(UNSPACED_PARTS) ?? []).flatMap((part) =>
      UNSPACED.test(part) ? pairs(part) : [part.slice(0, MAX_WORD)],
    ),
  );
}

/** Of a search: what the shopper typed, so that `Wanderschuhe ` and `wanderschuhe` are one. */
export function foldQuery(text: string): string {
  return fold(text).trim().replaceAll(/\s+/g, " ");
}

function fold(text: string): string {
  return text
    .normalize("NFKD")
    .replaceAll(ACCENTS, "")
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll("ß", "ss");
}

function pairs(text: string): string[] {
  const characters = Array.from(text);
  if (characters.length < 2) return characters;
  return characters.slice(1).map((character, i) => `${characters[i] ?? ""}${character}`);
}
