// What a user says of a file's columns: `event_time=ts,user_id=uid`, or a JSON file of the same pairs.
import { readFileSync } from "node:fs";
import * as z from "zod";
import { SourceError } from "../sources/source-event.ts";
import { probeFile } from "../sources/text-file.ts";

const MapFile = z.record(z.string(), z.string());

type Pairs = [field: string, column: string][];

/** @throws SourceError with a sentence */
export function readMap(map: string): Pairs {
  return map.includes("=") ? splitPairs(map) : readFile(map);
}

function splitPairs(map: string): Pairs {
  return map.split(",").map((pair) => {
    const at = pair.indexOf("=");
    if (at === -1) throw new SourceError(`--map: "${pair.trim()}" is no pair of field=column.`);
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  });
}

function readFile(path: string): Pairs {
  probeFile(path);
  const parsed = MapFile.safeParse(parse(readFileSync(path, "utf8")));
  if (parsed.success) return Object.entries(parsed.data);
  throw new SourceError(
    `--map: ${path} must hold a JSON object of fields and columns, {"event_time": "ts"}.`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
