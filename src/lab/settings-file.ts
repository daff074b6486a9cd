// The file that `--config` names: a JSON object of settings, for some tasks one with parts.
import { readFileSync } from "node:fs";
import { completeConfig } from "../../models/next-item/config.ts";
import type { EncoderName, TrainConfig } from "../../models/next-item/config.ts";
import { completeRankingConfig } from "../../models/ranking/config.ts";
import type { RankingConfig } from "../../models/ranking/config.ts";
import { probeFile } from "./sources/text-file.ts";

/** Without a path there are none. Throws, with a sentence, where the file holds anything but an object. */
export function readSettings(path?: string): Record<string, unknown> {
  if (path === undefined) return {};
  probeFile(path);
  return asSettings(parseJson(path), path);
}

/** `{"encoder": {...}, "ranking": {...}}`, completed; what the command line says goes before. */
export function readRankingSettings(options: {
  config?: string;
  encoder?: EncoderName;
  seed?: number;
}): { encoder: TrainConfig; ranking: RankingConfig } {
  const { config: path = "", encoder, seed } = options;
  const { encoder: first = {}, ranking = {}, ...others } = readSettings(options.config);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) {
    throw new Error(`${path} has to hold "encoder" and "ranking", and knows no "${unknown}".`);
  }
  const seeded = seed === undefined ? {} : { seed };
  return {
    encoder: completeConfig({
      ...asSettings(first, `"encoder" in ${path}`),
      ...(encoder && { encoder }),
      ...seeded,
    }),
    ranking: completeRankingConfig({ ...asSettings(ranking, `"ranking" in ${path}`), ...seeded }),
  };
}

function asSettings(value: unknown, name: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new Error(`${name} is no JSON object of settings.`);
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`${path} is no JSON: ${String(error)}`, { cause: error });
  }
}
