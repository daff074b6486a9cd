// Careless and hostile requests over all routes of the document: seeded, so that what one run finds another finds again.
import * as z from "zod";
import { mapConcurrently } from "../../src/lab/map-concurrently.ts";
import { Random } from "../../src/lab/simulate/random.ts";
import { KEYS } from "../bench/miniflare-worker.ts";

const IN_FLIGHT = 8;
const ATTEMPT_MS = 60_000;

const Paths = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

const TEXTS = [
  "",
  "x",
  "0",
  "-1",
  "1e999",
  "NaN",
  "null",
  "undefined",
  "__proto__",
  "constructor",
  "'; drop table events; --",
  "../../etc/passwd",
  "..",
  ".",
  "%00",
  "%ff",
  "\u0000",
  "\ud800",
  "💥".repeat(50),
  "a".repeat(5000),
  "{{user}}",
  "2026-13-45T99:99:99Z",
  "home",
  "item-1",
  "next-item",
  "anonymous",
  "true",
];
const NUMBERS = [0, -0, -1, 1, 0.5, 1e9, 1e16, 1e308, -1e308, Number.MAX_SAFE_INTEGER, 2 ** 53];
const NAMES = ["view_item", "purchase", "identify", "stock_update", "refund", "search", "nonsense"];
const KEYS_OF_EVENTS =
  "event_id name timestamp anonymous_id user_id user_hash session_id items value currency transaction_id consent context sent_at search_term recommendation_id events batch exclude filters max_price pins item_id price stock quantity".split(
    " ",
  );
const TYPES = [
  "application/json",
  "text/plain",
  "application/x-ndjson",
  "application/octet-stream",
  "multipart/form-data",
  "",
];
const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];
const AUTH = [
  `Bearer ${KEYS.secret}`,
  `Bearer ${KEYS.secret}`,
  `Bearer ${KEYS.secret}`,
  `Bearer ${KEYS.publishable}`,
  "Bearer x.y.z",
  "Basic Og==",
  "Bearer",
  "",
];

export type Fuzzed = { requests: number; statuses: Record<number, number>; faults: string[] };

export async function fuzz(url: string, requests: number, seed: number): Promise<Fuzzed> {
  const { paths } = Paths.parse(await (await fetch(`${url}/openapi.json`)).json());
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ path, method: method.toUpperCase() })),
  );
  const statuses: Record<number, number> = {};
  const faults: string[] = [];
  await mapConcurrently([...Array(requests).keys()], IN_FLIGHT, async (number) => {
    const random = new Random(seed * 1_000_003 + number);
    const request = makeRequest(random, routes);
    const status = await send(url, request);
    statuses[status] = (statuses[status] ?? 0) + 1;
    if (status === 500 || status === 0) {
      faults.push(
        `request ${number}: ${request.method} ${request.path.slice(0, 200)} -> ${status}`,
      );
    }
  });
  if (!(await fetch(`${url}/health/ready`)).ok) faults.push("not ready afterwards");
  return { requests, statuses, faults };
}

type Made = {
  method: string;
  path: string;
  headers: [string, string][];
  body: BodyInit | undefined;
};

function makeRequest(random: Random, routes: readonly { path: string; method: string }[]): Made {
  const pick = <T>(values: readonly T[], fallback: T): T =>
    values[Math.floor(random.next() * values.length)] ?? fallback;
  const text = () => pick(TEXTS, "");
  const route = pick(routes, { path: "/", method: "GET" });
  const method = random.next() < 0.85 ? route.method : pick(METHODS, "GET");
  const filled = route.path.replaceAll(/\{\w+\}/g, () => encode(text()));
  const query = Array.from({ length: Math.floor(random.next() * 3) }, () => {
    const name = pick(
      ["limit", "cursor", "surface", "seen", "exclude", "id_type", "key", "from", "consent"],
      "q",
    );
    return `${name}=${encode(text())}`;
  });
  const path = query.length === 0 ? filled : `${filled}?${query.join("&")}`;
  const headers: [string, string][] = [["authorization", pick(AUTH, "")]];
  const type = random.next() < 0.7 ? "application/json" : pick(TYPES, "");
  if (type !== "") headers.push(["content-type", type]);
  const hasBody = method !== "GET" && method !== "HEAD";
  return { method, path, headers, body: hasBody ? makeBody(random, pick) : undefined };
}

/** Lone surrogates have no form in a URL. */
function encode(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : "%ED%A0%80";
}

type Pick = <T>(values: readonly T[], fallback: T) => T;

function makeBody(random: Random, pick: Pick): BodyInit {
  const draw = random.next();
  if (draw < 0.08) return pick(TEXTS, "");
  if (draw < 0.12) return "[".repeat(2000);
  if (draw < 0.16)
    return new Uint8Array(Array.from({ length: 200 }, () => Math.floor(random.next() * 256)));
  const whole = JSON.stringify(makeValue(random, pick, 0));
  return draw < 0.22 ? whole.slice(0, Math.floor(random.next() * whole.length)) : whole;
}

function makeValue(random: Random, pick: Pick, depth: number): unknown {
  const draw = random.next();
  if (depth > 3 || draw < 0.25)
    return pick<unknown>([...TEXTS, ...NUMBERS, ...NAMES, null, true, [], {}], null);
  if (draw < 0.4)
    return Array.from({ length: Math.floor(random.next() * 4) }, () =>
      makeValue(random, pick, depth + 1),
    );
  const fields: Record<string, unknown> = {};
  if (depth < 2 && random.next() < 0.5) {
    Object.assign(fields, {
      event_id: `f${random.next()}`,
      name: pick(NAMES, ""),
      timestamp: Date.now(),
      anonymous_id: "fuzz",
    });
  }
  for (let i = 0; i < 4; i++)
    fields[pick(KEYS_OF_EVENTS, "x")] = makeValue(random, pick, depth + 1);
  return fields;
}

/** 0 where there was no answer. */
async function send(url: string, { method, path, headers, body }: Made): Promise<number> {
  try {
    const response = await fetch(url + path, {
      method,
      headers,
      body,
      signal: AbortSignal.timeout(ATTEMPT_MS),
      redirect: "manual",
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return 0;
  }
}
