// What proof of a user costs where events are taken: `node test/bench/proof.ts`. Reading, proving and addressing, with
// objects that answer at once: without HTTP and storage, so that the share of proof is the largest that it can be.
import { createHmac } from "node:crypto";
import type { Delivery } from "../../durable/contract.ts";
import { ingestEvents, type IngestDeps } from "../../src/ingest/ingest.ts";
import { createHashCheck, TRUSTED, type ProveUser } from "../../src/shop/identity.ts";
import { readMoney } from "../../src/shop/money.ts";
import { createPseudonymiser } from "../../src/shop/pseudonym.ts";

const ROUNDS = 15;
/** Events of one way of proof in one round. */
const EVENTS = 4000;
const NOW = Date.UTC(2026, 0, 15);
const SECRET = "a secret of the shop";

const openShopper: IngestDeps["openShopper"] = (shopper) => ({
  ingest: (deliveries: Delivery[]) =>
    Promise.resolve({ kind: "ingested", shopper, verdicts: deliveries.map(() => "applied") }),
  linkTo: () => Promise.resolve("applied"),
  snapshot: () => Promise.reject(new Error("Nobody asks for the state.")),
  hear: () => Promise.resolve(),
});

function byHash(secrets: string): ProveUser {
  const isHashOf = createHashCheck(secrets);
  return async (user, hash) => ((await isHashOf(user, hash)) ? "proven" : "none");
}

const WAYS: Record<string, ProveUser> = {
  "secret key": TRUSTED,
  "hash, one secret": byHash(SECRET),
  "hash, two secrets": byHash(`another, ${SECRET}`),
};

function makeBatch(size: number, users: number, serial: number): object[] {
  return Array.from({ length: size }, (_, i) => {
    const user_id = `user-${(serial + i) % users}`;
    return {
      event_id: `${serial}-${i}`,
      name: "view_item",
      timestamp: NOW,
      user_id,
      user_hash: createHmac("sha256", SECRET).update(user_id).digest("hex"),
      items: [{ item_id: `item-${i}`, price: 9.9, item_category: "shoes" }],
    };
  });
}

/** µs of one event. */
async function measure(batches: readonly object[][], proveUser: ProveUser): Promise<number> {
  const deps = {
    now: NOW,
    money: readMoney("EUR", "{}"),
    pseudonymise: createPseudonymiser("key"),
    trusted: false,
    edge: { country: null, device: null },
    findItem: () => null,
    openShopper,
    proveUser,
    default_consent: DEFAULT_CONSENT,
  };
  const start = performance.now();
  for (const batch of batches) await ingestEvents(batch, deps);
  return ((performance.now() - start) * 1000) / EVENTS;
}

const DEFAULT_CONSENT = { analytics: true, personalization: true };

console.log(
  "| events in a request | users in it | proof | µs an event | ratio to the secret key |",
);
console.log("| --- | --- | --- | --- | --- |");
for (const [size, users] of [
  [1, 1],
  [20, 1],
  [100, 100],
] as const) {
  const batches = Array.from({ length: EVENTS / size }, (_, i) => makeBatch(size, users, i));
  const times: Record<string, number[]> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, prove] of Object.entries(WAYS)) {
      (times[name] ??= []).push(await measure(batches, prove));
    }
  }
  for (const [name, own] of Object.entries(times)) {
    const ratios = own.map((time, round) => time / (times["secret key"]?.[round] ?? NaN));
    const [least, middle, most] = spread(ratios);
    const cells = [size, users, name, spread(own)[1].toFixed(1)];
    console.log(
      `| ${cells.join(" | ")} | ${middle.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)}) |`,
    );
  }
}

function spread(values: readonly number[]): [number, number, number] {
  const sorted = values.toSorted((a, b) => a - b);
  return [sorted[0] ?? NaN, sorted[sorted.length >> 1] ?? NaN, sorted.at(-1) ?? NaN];
}
