// The settings of a round: a JSON file `{"encoder": {...}, "ranking": {...}}` of what differs from the default.
import { readFileSync } from "node:fs";
import * as z from "zod";
import { completeConfig } from "../../../models/next-item/config.ts";
import { completeRankingConfig } from "../../../models/ranking/config.ts";
import type { PairConfig } from "./train-pair.ts";

const settings = z.record(z.string(), z.unknown()).default({});
const File = z.strictObject({ encoder: settings, ranking: settings });

/** Throws, with a sentence, for a file that is not one of settings. */
export function readPairConfig({ config, seed }: { config?: string; seed: number }): PairConfig {
  const parsed = File.safeParse(config ? JSON.parse(readFileSync(config, "utf8")) : {});
  if (!parsed.success)
    throw new Error(`${config} is not {"encoder": {...}, "ranking": {...}} with settings.`);
  const { encoder, ranking } = parsed.data;
  return {
    encoder: completeConfig({ ...encoder, seed }),
    ranking: completeRankingConfig({ ...ranking, seed }),
  };
}
