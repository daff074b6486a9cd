// The elements of a JSON array in a stream of text, one after the other: it is never held as a whole.

export type Element =
  /** `number` from 1; `line` where it begins. */
  | { kind: "element"; number: number; line: number; text: string }
  | { kind: "too_long"; number: number; line: number }
  /** Nothing after this was read. */
  | { kind: "broken"; line: number; message: string };

/** Where the scanner stands: before the array, between elements, or after it. */
type State = "before" | "between" | "within" | "after";

const BLANK = /\s/;

/** @param chunks begin with the array, or with an object whose first key holds it */
export async function* readElements(
  chunks: AsyncIterable<string>,
  maxCharacters: number,
): AsyncGenerator<Element> {
  let state: State = "before";
  let depth = 0;
  let isText = false;
  let isEscaped = false;
  let line = 1;
  let firstLine = 1;
  let number = 0;
  let text = "";
  let size = 0;

  function finish(): Element {
    number += 1;
    const element: Element =
      size > maxCharacters
        ? { kind: "too_long", number, line: firstLine }
        : { kind: "element", number, line: firstLine, text };
    text = "";
    size = 0;
    return element;
  }

  for await (const chunk of chunks) {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const sign = chunk[at] ?? "";
      if (sign === "\n") line += 1;
      if (state === "before") {
        if (sign === "[") state = "between";
        continue;
      }
      if (state === "after") break;
      if (state === "between") {
        if (BLANK.test(sign) || sign === ",") continue;
        if (sign === "]") {
          state = "after";
          continue;
        }
        state = "within";
        start = at;
        firstLine = line;
      }
      if (isText) {
        if (isEscaped) isEscaped = false;
        else if (sign === "\\") isEscaped = true;
        else if (sign === '"') isText = false;
        continue;
      }
      if (sign === '"') isText = true;
      else if (sign === "{" || sign === "[") depth += 1;
      else if (depth > 0 && (sign === "}" || sign === "]")) depth -= 1;
      else if (depth === 0 && (sign === "," || sign === "]")) {
        size += at - start;
        if (size <= maxCharacters) text += chunk.slice(start, at);
        yield finish();
        state = sign === "]" ? "after" : "between";
      }
    }
    if (state === "within") {
      size += chunk.length - start;
      if (size <= maxCharacters) text += chunk.slice(start);
    }
  }
  if (state !== "after") {
    yield {
      kind: "broken",
      line,
      message: `The array does not end: it breaks off in line ${line}.`,
    };
  }
}
