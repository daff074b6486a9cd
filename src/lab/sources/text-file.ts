// Opens a local text file, gzipped or plain, and turns what can go wrong into one sentence.
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { SourceError } from "./source-event.ts";

const GZIP_MAGIC = 0x1f8b;

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error ? String(error.code) : error.message;
}

/** Throws a SourceError where there is no readable file; returns its first two bytes as a number. */
export function probeFile(path: string): number {
  const head = new Uint8Array(2);
  try {
    const file = openSync(path, "r");
    try {
      readSync(file, head, 0, 2, 0);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT") throw new SourceError(`There is no file at ${path}.`);
    if (code === "EISDIR") throw new SourceError(`${path} is a folder, not a data file.`);
    throw new SourceError(`${path} cannot be read (${code}).`);
  }
  return ((head[0] ?? 0) << 8) | (head[1] ?? 0);
}

/** The file's bytes, unzipped where they start as gzip does, whatever its name ends in. */
export function openText(path: string): Readable {
  const zipped = probeFile(path) === GZIP_MAGIC;
  const raw = createReadStream(path);
  if (!zipped) return raw;
  const unzipped = createGunzip();
  raw.on("error", (error) => unzipped.destroy(error));
  unzipped.on("close", () => raw.destroy());
  return raw.pipe(unzipped);
}

/** A damaged file ends the pass with a sentence instead of zlib's code. */
export function explainReadError(path: string, error: unknown): Error {
  if (error instanceof SourceError) return error;
  return new SourceError(`${path} is damaged or not what its name says (${codeOf(error)}).`);
}
