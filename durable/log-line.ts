// What the Worker writes for whoever watches it: one JSON object a line, of one shape. No personal data: an error is told
// without the values that its statement was given.

type Level = "error" | "warn";

/** Counts, names of jobs and models, times. Nothing that came from a shopper. */
type Facts = Record<string, string | number | boolean | null>;

/** Characters of an error's text; the first ones say what is wrong. */
const MAX_TEXT = 500;

/**
 * @param event what happened, in snake_case, the same word each time
 * @param error told as `error`, where there is one
 * @example log("error", "catalogue_not_written", { line: 5 }, error)
 */
export function log(level: Level, event: string, facts: Facts = {}, error?: unknown): void {
  const told = error === undefined ? {} : { error: describeError(error) };
  console[level](JSON.stringify({ level, event, ...facts, ...told }));
}

/** An error's name and message. Of a failed query, whose message repeats the statement and its values, the cause's. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error).slice(0, MAX_TEXT);
  if (error.message.startsWith("Failed query:") && error.cause !== undefined) {
    return describeError(error.cause);
  }
  const [message = ""] = error.message.split(/\n? *params:/);
  return `${error.name}: ${message}`.slice(0, MAX_TEXT);
}

/** Where it was thrown, without the message. */
export function listFrames(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return stack
    .split("\n")
    .filter((line) => /^ +at /.test(line))
    .join("\n");
}
