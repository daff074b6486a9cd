// Ingest without storage: reading, routing and folding of requests, against another version of the project in turns.
// `node test/bench/ingest-speed.ts <checkout of the other version>`; exits with an error where this one is 10% slower.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

type Event = Record<string, unknown>;
type Stream = object;
type Version = {
  ingest: (rows: readonly Event[], deps: object) => Promise<{ outcomes: { kind: string }[] }>;
  receive: (stream: Stream, events: readonly object[]) => { stream: Stream };
  emptyStream: () => Stream;
  deps: object;
};

/** Slower than the other version, at most. */
const LIMIT = 1.1;
const VISITORS = 50;
const EVENTS = 100;
const TURNS = 25;
const REQUESTS = 20;
const START = Date.UTC(2026, 0, 15);

/** Where its files were: the folder had another name once. */
async function open(root: string): Promise<Version> {
  const find = async (...paths: string[]) =>
    await import(join(root, paths.find((path) => existsSync(join(root, path))) ?? ""));
  const { ingestEvents } = await find("src/ingest/ingest.ts", "src/stream/ingest.ts");
  const { receive, emptyStream } = await find("durable/state/receive.ts");
  const { readMoney } = await find("src/shop/money.ts", "src/stream/money.ts");
  const { createPseudonymiser } = await find("src/shop/pseudonym.ts", "src/stream/pseudonym.ts");
  return {
    ingest: ingestEvents,
    receive,
    emptyStream,
    deps: {
      money: readMoney("EUR", '{"USD": 0.92}'),
      default_consent: { analytics: true, personalization: true },
      pseudonymise: createPseudonymiser("a key for measuring only"),
      proveUser: () => Promise.resolve("proven"),
      findItem: () => null,
      trusted: true,
      edge: { country: "DE", device: "mobile" },
    },
  };
}

function makeRequest(request: number, lines: number, name: (i: number) => string): Event[] {
  return Array.from({ length: EVENTS }, (_, i) => {
    const id = request * EVENTS + i;
    const items = Array.from({ length: lines }, (_, j) => ({
      item_id: `sku-${(id + j) % 500}`,
      price: 19.99,
      quantity: 1,
      item_category: "shoes.boots",
      item_brand: "acme",
    }));
    return {
      event_id: `e-${id}`,
      name: name(i),
      timestamp: START + id * 500,
      anonymous_id: `visitor-${i % VISITORS}`,
      session_id: `s-${i % VISITORS}`,
      items,
      ...(name(i) === "purchase" ? { transaction_id: `t-${id}`, value: 20 } : {}),
      context: { page: `https://shop.example/p/${i}?q=1`, device: "mobile" },
    };
  });
}

/** One event in 20 buys, one in 10 fills a cart: about as in RetailRocket's log, with more orders. */
const nameMixed = (i: number) =>
  i % 20 === 0 ? "purchase" : i % 10 === 5 ? "add_to_cart" : "view_item";
const LOADS = {
  "views of one item": { lines: 1, name: () => "view_item" },
  "a shop's mixture": { lines: 2, name: nameMixed },
  "every fifth an order": {
    lines: 2,
    name: (i: number) => (i % 5 === 0 ? "purchase" : "view_item"),
  },
  "lists of 20": { lines: 20, name: () => "view_item_list" },
};

/** CPU for some requests to shoppers who are new, ms: a busy machine takes longer, but no more of that. */
async function time(version: Version, requests: readonly Event[][]): Promise<number> {
  const streams = new Map<string, Stream>();
  const openShopper = (shopper: string) => ({
    ingest(deliveries: readonly { event: object }[]) {
      const stream = streams.get(shopper) ?? version.emptyStream();
      const events = deliveries.map(({ event }) => event);
      streams.set(shopper, version.receive(stream, events).stream);
      return Promise.resolve({ shopper, verdicts: events.map(() => "applied") });
    },
  });
  const deps = { ...version.deps, now: START + 86_400_000, openShopper };
  const before = process.cpuUsage();
  for (const rows of requests) {
    const { outcomes } = await version.ingest(rows, deps);
    const bad = outcomes.find(({ kind }) => kind !== "kept");
    if (bad !== undefined) throw new Error(`Not kept: ${JSON.stringify(bad)}`);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

const [, , other] = process.argv;
if (other === undefined) throw new Error("Name a checkout of the other version.");
const theirs = await open(resolve(other));
const ours = await open(resolve(import.meta.dirname, "../.."));
for (const [label, { lines, name }] of Object.entries(LOADS)) {
  const requests = Array.from({ length: REQUESTS }, (_, i) => makeRequest(i, lines, name));
  const ratios: number[] = [];
  const sums = { theirs: 0, ours: 0 };
  for (let turn = -2; turn < TURNS; turn++) {
    const a = await time(theirs, requests);
    const b = await time(ours, requests);
    if (turn < 0) continue; // Compiling.
    ratios.push(b / a);
    sums.theirs += a;
    sums.ours += b;
  }
  ratios.sort((a, b) => a - b);
  const at = (share: number) => (ratios[Math.floor(share * (TURNS - 1))] ?? 0).toFixed(2);
  const each = (sum: number) => ((1000 * sum) / (TURNS * REQUESTS * EVENTS)).toFixed(1);
  console.log(
    `${label}: ${each(sums.ours)} us an event against ${each(sums.theirs)}; ratio ${at(0.5)} (${at(0)} to ${at(1)})`,
  );
  if (Number(at(0.5)) > LIMIT) process.exitCode = 1;
}
