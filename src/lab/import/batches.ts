// Cuts a history into requests: in the order of time, each event with the line that it comes from.
import type { History } from "../history/open-history.ts";
import type { Survey } from "./survey.ts";

/** Events of one request; the API takes 500. */
const MAX_EVENTS = 200;
/** Characters of one request; the API takes 1 MiB. */
const MAX_CHARACTERS = 300_000;

export type Numbered = { line: number; json: string };

/** @param skip events that an earlier run has sent */
export async function* cutHistory(
  history: History,
  { inOrder }: Pick<Survey, "inOrder">,
  { skip, consent }: { skip: number; consent: object | null },
): AsyncGenerator<Numbered[]> {
  let batch: Numbered[] = [];
  let [characters, seen] = [0, 0];
  for await (const { line, event } of inOrder
    ? readEvents(history, consent)
    : sortEvents(history, consent)) {
    if (seen++ < skip) continue;
    if (
      batch.length >= MAX_EVENTS ||
      (batch.length > 0 && characters + event.length > MAX_CHARACTERS)
    ) {
      yield batch;
      batch = [];
      characters = 0;
    }
    batch.push({ line, json: event });
    characters += event.length;
  }
  if (batch.length > 0) yield batch;
}

type Read = { line: number; at: number; event: string };

async function* readEvents(history: History, consent: object | null): AsyncGenerator<Read> {
  for await (const row of history.rows()) {
    if (row.kind !== "event") continue;
    const { event } = row;
    const timestamp = new Date(event.timestamp).toISOString();
    const told = row.sent ?? { ...event, timestamp, ...(consent === null ? {} : { consent }) };
    yield { line: row.line, at: event.timestamp, event: JSON.stringify(told) };
  }
}

/** A file may be in any order, so it has to be held once. */
async function* sortEvents(history: History, consent: object | null): AsyncGenerator<Read> {
  const events: Read[] = [];
  for await (const event of readEvents(history, consent)) events.push(event);
  yield* events.sort((a, b) => a.at - b.at || a.line - b.line);
}
