// From a shop's history to what became of its events: shown first, then sent, from where an earlier run stopped.
import { statSync } from "node:fs";
import type { Api } from "../../client/api.ts";
import { openHistory } from "../history/open-history.ts";
import { startBar, startCount } from "../progress-bar.ts";
import { ProgressFile } from "../replay/progress-file.ts";
import { cutHistory } from "./batches.ts";
import { describeHistory } from "./preview.ts";
import type { Outcome } from "./report.ts";
import { addSent, NOTHING_SENT, sendBatch, type Sent } from "./send-history.ts";
import { surveyHistory, type Survey } from "./survey.ts";

const SAVE_INTERVAL_MS = 1_000;
/** Said of all rows, where the shop says that these shoppers agreed. */
const GRANTED = { analytics: true, personalization: true };

export type EventsImport = {
  api: Api;
  path: string;
  url: string;
  map?: string;
  zone?: string;
  consent?: "granted";
  /** How long a shopper who cannot be reached is tried again, ms. */
  waitMs: number;
  /** Forgets how far an earlier run came. */
  restart: boolean;
  /** Asked once the first rows were shown. */
  confirm: (events: number) => Promise<boolean>;
  signal: AbortSignal;
};

/** @throws SourceError with a sentence where it is no history */
export async function importEvents(
  options: EventsImport,
): Promise<Outcome | "declined" | "stopped"> {
  const { path, signal } = options;
  const history = await openHistory(path, options);
  const reading = startCount("reading");
  const survey = await surveyHistory(history, (rows) => reading.update(rows));
  reading.stop();
  console.log(describeHistory(history, survey));
  if (survey.events === 0) {
    const losses = [`${path}: nothing was read that is an event.`];
    return { counts: [["events", 0]], refused: survey.bad, losses };
  }
  const progress = openProgress(options);
  if (options.restart) progress.remove();
  const saved = progress.read() ?? { position: 0, tally: NOTHING_SENT };
  if (!(await options.confirm(survey.events - saved.position))) return "declined";
  const consent = options.consent === undefined ? null : GRANTED;
  const batches = cutHistory(history, survey, { skip: saved.position, consent });
  const bar = startBar("import", survey.events, saved.position);
  let { position, tally } = saved;
  let savedAt = performance.now();
  try {
    for await (const batch of batches) {
      tally = addSent(tally, await sendBatch(options.api, batch, options.waitMs));
      position += batch.length;
      bar.update(position);
      if (signal.aborted) break;
      if (performance.now() - savedAt < SAVE_INTERVAL_MS) continue;
      progress.write({ position, tally });
      savedAt = performance.now();
    }
  } catch (error) {
    progress.write({ position, tally });
    if (!signal.aborted) throw error;
  } finally {
    bar.stop(); // Its timer would keep the process alive.
  }
  if (signal.aborted) {
    progress.write({ position, tally });
    return "stopped";
  }
  progress.remove();
  return toOutcome(survey, position, tally);
}

/** One for each content of the file and each way to read it. */
function openProgress({ path, url, map, zone, consent }: EventsImport): ProgressFile<Sent> {
  const { size, mtimeMs } = statSync(path);
  return new ProgressFile<Sent>(
    JSON.stringify(["import", size, mtimeMs, map, zone, consent]),
    path,
    url,
  );
}

function toOutcome(survey: Survey, position: number, sent: Sent): Outcome {
  const { accepted, duplicates, ignored, without_consent } = sent;
  const unheard =
    `${without_consent} events were not kept: their shoppers allow nothing. ` +
    "If they agreed, say --consent granted.";
  return {
    counts: [
      ["events sent", position],
      ["accepted", accepted],
      ["known before", duplicates],
      ["that tell nothing of shopping", ignored + survey.silent],
    ],
    refused: [...survey.bad, ...sent.refused],
    losses: without_consent > 0 ? [unheard] : [],
  };
}
