// Whether a program crawls that names itself: by what Cloudflare has verified, else by its user agent.
import type { Context } from "hono";
import { isbot } from "isbot";
import type { AppEnv } from "./app-env.ts";

/**
 * `isbot` knows libraries too, by whose names a shop's own app or server speaks (okhttp, axios, Segment's). A crawler
 * shows a browser's name, its own purpose, or where to read of it.
 */
const CRAWLER = /^mozilla\/|bot|crawl|spider|slurp|preview|scan|monitor|archive|headless|https?:/i;

/** What sort of one, or null for a shopper's own device. A sender with a secret key is the shop. */
export function readBot(c: Context<AppEnv>, key: "publishable" | "secret"): string | null {
  if (key === "secret") return null;
  const category = readVerified(c.req.raw.cf);
  if (category !== null) return category;
  const agent = c.req.header("user-agent") ?? "";
  return CRAWLER.test(agent) && isbot(agent) ? "by its user agent" : null;
}

/** Such as `Search Engine Crawler`; empty or absent for all others. */
function readVerified(cf: object | undefined): string | null {
  if (cf === undefined || !("verifiedBotCategory" in cf)) return null;
  const category = cf.verifiedBotCategory;
  return typeof category === "string" && category !== "" ? category : null;
}
