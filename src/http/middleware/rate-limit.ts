// How much one address and one shopper may ask for with a publishable key, by Cloudflare's rate-limiting binding. The
// limits are in wrangler.toml; where a binding is missing, nothing is limited, and /health/ready says so.
import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "./app-env.ts";
import { fail } from "./errors.ts";

/** The period of the limits in wrangler.toml, s: after it, everybody has the whole of it again. */
const PERIOD = 60;

/** Events of a request that weigh as much as one request. */
const EVENTS_A_REQUEST = 10;

/** A home has a network of IPv6 addresses, and any number in it: groups of four digits that tell networks apart. */
const NETWORK_GROUPS = 4;

/** A shop may run without them. */
type Limits = Pick<Env, "ADDRESS_LIMIT" | "SHOPPER_LIMIT">;

const MESSAGE = "Too many requests; send this one again after `Retry-After` seconds.";

/** Lets a request pass whose address has not asked too often. */
export const limitAddress = createMiddleware<AppEnv>(async (c, next) => {
  if (isFromShop(c) || (await admitAddress(c, 1))) return await next();
  return refuseForNow(c);
});

/** Lets a request pass whose address has not tried too many keys. */
export const limitSignIn = createMiddleware<AppEnv>(async (c, next) => {
  const { SIGN_IN_LIMIT }: Partial<Pick<Env, "SIGN_IN_LIMIT">> = c.env;
  const address = c.req.header("cf-connecting-ip");
  if (address === undefined || (await admit(SIGN_IN_LIMIT, readNetwork(address), 1)))
    return await next();
  return refuseForNow(c);
});

/** The same for the events of a request, beside the request itself; for who knows how many there are. */
export async function admitEvents(c: Context<AppEnv>, events: number): Promise<boolean> {
  return await admitAddress(c, Math.floor(events / EVENTS_A_REQUEST));
}

/** The same for the events of one of its shoppers. @param shopper pseudonym */
export async function admitEventsOf(
  env: Partial<Limits>,
  shopper: string,
  events: number,
): Promise<boolean> {
  return await admit(env.SHOPPER_LIMIT, `events ${shopper}`, Math.ceil(events / EVENTS_A_REQUEST));
}

/** Whether one may ask about this shopper now. @param shopper pseudonym, null for nobody */
export async function admitQuestion(c: Context<AppEnv>, shopper: string | null): Promise<boolean> {
  if (shopper === null || isFromShop(c)) return true;
  const { SHOPPER_LIMIT }: Partial<Limits> = c.env;
  return await admit(SHOPPER_LIMIT, `questions ${shopper}`, 1);
}

export function refuseForNow(c: Context<AppEnv>) {
  c.header("retry-after", String(PERIOD));
  return fail(c, "rate_limited", MESSAGE);
}

/** The shop's own back end is not limited: it speaks for all shoppers from one address. */
function isFromShop(c: Context<AppEnv>): boolean {
  return c.get("key") === "secret" || c.get("sender") === "secret";
}

/** Which limits there are. */
export function readLimits(env: Partial<Limits>): { address: boolean; shopper: boolean } {
  return { address: env.ADDRESS_LIMIT !== undefined, shopper: env.SHOPPER_LIMIT !== undefined };
}

async function admitAddress(c: Context<AppEnv>, weight: number): Promise<boolean> {
  const address = c.req.header("cf-connecting-ip");
  // Whoever did not come by Cloudflare is on this machine.
  if (address === undefined) return true;
  return await admit(c.env.ADDRESS_LIMIT, readNetwork(address), weight);
}

async function admit(
  limiter: RateLimit | undefined,
  key: string,
  weight: number,
): Promise<boolean> {
  if (limiter === undefined) return true;
  const asked = Array.from({ length: weight }, () => limiter.limit({ key }));
  return (await Promise.all(asked)).every(({ success }) => success);
}

/** The address, of IPv6 its network. */
export function readNetwork(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail = ""] = address.split("::");
  const groups = head === "" ? [] : head.split(":");
  const behind = tail === "" ? [] : tail.split(":");
  const gap = address.includes("::") ? Math.max(0, 8 - groups.length - behind.length) : 0;
  const all = [...groups, ...Array.from({ length: gap }, () => "0"), ...behind];
  const plain = all.map((group) => group.toLowerCase().replace(/^0+(?=.)/, ""));
  return plain.slice(0, NETWORK_GROUPS).join(":");
}
