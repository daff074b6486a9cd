// JSON in which a long whole number keeps all its digits: ids of some shops have twenty of them.

/** So many digits may be more than a number holds. */
const LONG_NUMBER = /\d{16}/;
const WHOLE = /^-?\d+$/;

type Context = { source?: string };

/** @throws SyntaxError as JSON.parse does. A whole number beyond 2^53 comes as the text of its digits. */
export function parseJson(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  const keepDigits = (_key: string, value: unknown, context?: Context): unknown => {
    const source = context?.source;
    const isRounded = typeof value === "number" && !Number.isSafeInteger(value);
    return isRounded && source !== undefined && WHOLE.test(source) ? source : value;
  };
  return JSON.parse(text, keepDigits);
}
