// The bytes of a local file, unzipped and in UTF-8, as the platform's own stream.
import { openAsBlob } from "node:fs";
import { openBytes, UnreadableFile, type Opened } from "../../files/open-bytes.ts";
import { SourceError } from "./source-event.ts";
import { explainReadError, probeFile } from "./text-file.ts";

/** @throws SourceError with a sentence where there is no file, or none that can be read. */
export async function openFile(path: string): Promise<Opened> {
  probeFile(path);
  try {
    return await openBytes((await openAsBlob(path)).stream());
  } catch (error) {
    if (error instanceof UnreadableFile) throw new SourceError(`${path}: ${error.message}`);
    throw explainReadError(path, error);
  }
}
