// The data sets by name. One file per source; all yield the same plain events.
import { openOnlineRetail } from "./online-retail.ts";
import { openRees46 } from "./rees46.ts";
import { openRetailRocket } from "./retailrocket.ts";
import { openSessions } from "./sessions.ts";
import { SourceError } from "./source-event.ts";
import type { Source } from "./source-event.ts";
import { probeFile } from "./text-file.ts";

const OPENERS = {
  retailrocket: openRetailRocket,
  rees46: openRees46,
  "online-retail": openOnlineRetail,
  sessions: openSessions,
} satisfies Record<string, (path: string) => Source>;

export type SourceName = keyof typeof OPENERS;

export const SOURCE_NAMES = Object.keys(OPENERS);

function isSourceName(name: string): name is SourceName {
  return Object.hasOwn(OPENERS, name);
}

/**
 * Opens a local data set.
 *
 * @example
 * const source = openSource("rees46", "2019-Oct.csv.gz");
 * for await (const event of source.events()) await send(event);
 * console.log(source.skipped());
 *
 * @throws SourceError for an unknown name or a file that is not there, in one sentence.
 */
export function openSource(name: string, path: string): Source {
  if (!isSourceName(name)) {
    throw new SourceError(
      `There is no source "${name}"; choose one of ${SOURCE_NAMES.join(", ")}.`,
    );
  }
  probeFile(path);
  return OPENERS[name](path);
}

export { readSessionFile, readTestFile } from "./sessions.ts";
export type { TestPair } from "./sessions.ts";
export { SourceError } from "./source-event.ts";
export type { Source, SourceEvent } from "./source-event.ts";
