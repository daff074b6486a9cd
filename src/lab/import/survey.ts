// A first look through a shop's history: how much of it there is, what cannot be read, and its first rows to look at.
import type { History } from "../history/open-history.ts";
import type { HistoryEvent } from "../history/record.ts";

/** Rows shown before anything is sent. */
const PREVIEW = 10;

export type Refused = { line: number; code: string; message: string };

export type Survey = {
  events: number;
  /** Rows that are known to tell nothing of shopping. */
  silent: number;
  bad: Refused[];
  preview: { line: number; event: HistoryEvent }[];
  /** Whether the file is in the order of time; the Worker folds each shopper's past in that order. */
  inOrder: boolean;
};

export async function surveyHistory(
  history: History,
  onRow: (rows: number) => void = () => {},
): Promise<Survey> {
  const survey: Survey = { events: 0, silent: 0, bad: [], preview: [], inOrder: true };
  let [rows, last] = [0, -Infinity];
  for await (const row of history.rows()) {
    onRow(++rows);
    if (row.kind === "none") survey.silent += 1;
    else if (row.kind === "bad")
      survey.bad.push({ line: row.line, code: row.code, message: row.reason });
    else {
      survey.events += 1;
      if (survey.preview.length < PREVIEW) survey.preview.push(row);
      if (row.event.timestamp < last) survey.inOrder = false;
      last = row.event.timestamp;
    }
  }
  return survey;
}
