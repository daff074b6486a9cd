// Replays the attacks one after the other against a shop that goes on, and reads the lists before and after each. Before
// the first, the same wait without an attack is the control: what moves by itself.
import { setTimeout as pause } from "node:timers/promises";
import type { Api } from "../../client/api.ts";
import type { Attacker } from "./attacker.ts";
import { ATTACKS } from "./attacks.ts";
import type { BusyShop } from "./busy-shop.ts";
import { compareLists, readLists } from "./lists.ts";

/** Isolates look at the log every two seconds, ms. */
const LOOK_MS = 2500;
const SETTLE_TRIES = 60;

export type Judged = {
  name: string;
  events: number;
  accepted: number;
  /** Of the lists before and after; 1 where nothing moved. */
  overlap: number;
  /** The one that moved most. */
  list: string;
  harm: string | null;
};

export async function judgeAttacks(
  { owner, attacker, shop: filled }: { owner: Api; attacker: Attacker; shop: BusyShop },
  tell: (judged: Judged) => void,
): Promise<Judged[]> {
  const all: Judged[] = [];
  const add = (judged: Judged) => {
    all.push(judged);
    tell(judged);
  };
  await settle(owner, attacker);
  // Whoever wants to be seen pairs with what trends first.
  const [first = filled.popular] = (await readLists(attacker, filled)).get("trending") ?? [];
  const shop = { ...filled, popular: first };
  let before = await readLists(attacker, shop);
  await settle(owner, attacker);
  let after = await readLists(attacker, shop);
  const control = { events: 0, accepted: 0, harm: null };
  add({ name: "control: nothing", ...control, ...compareLists(before, after) });
  for (const [index, { name, run }] of ATTACKS.entries()) {
    const obscure = shop.items[index] ?? shop.popular;
    before = after;
    const outcome = await run({ owner, attacker, shop, obscure, now: Date.now() });
    await settle(owner, attacker);
    after = await readLists(attacker, shop);
    add({ name, ...outcome, ...compareLists(before, after) });
  }
  return all;
}

/** Waits until the log has all that was sent, and the isolate has read it. */
async function settle(owner: Api, visitor: Attacker): Promise<void> {
  let known = -1;
  for (let tries = 0; tries < SETTLE_TRIES; tries++) {
    const { body } = await owner.send("GET", "/v1/stats");
    const { events, event_rows } = Object(body);
    if (events + event_rows === known) break;
    known = events + event_rows;
    await pause(LOOK_MS);
  }
  // The first question makes it look, the next finds what it saw.
  for (let look = 0; look < 2; look++) {
    await visitor.ask("/v1/trending?limit=1");
    await pause(LOOK_MS);
  }
}
