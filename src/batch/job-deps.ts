// From the Worker's bindings and variables to what jobs may touch.
import { convertPrices } from "../shop/money.ts";
import { readSettings, type StreamVariables } from "../shop/settings.ts";
import type { JobDeps } from "./run/job.ts";

export type JobBindings = Pick<Env, "DB" | "BUCKET" | "CATALOG_FEED_URL"> & StreamVariables;

export function openJobDeps(env: JobBindings, clock: () => number): JobDeps {
  const { money } = readSettings(env);
  const url = env.CATALOG_FEED_URL.trim();
  const feed = url === "" ? null : { url, convert: convertPrices(money) };
  return { DB: env.DB, BUCKET: env.BUCKET, money, clock, feed };
}
