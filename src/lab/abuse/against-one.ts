// Attacks on one victim or on one job: each says what harm it did, or null.
import { WILLING } from "./attacker.ts";
import type { Outcome, Scene } from "./scene.ts";

/** How far the stamps run ahead: what a wrong clock is forgiven, ms. */
const AHEAD = 290_000;
const DAY = 86_400_000;
/** One invocation of a job works for 20 s, and ends the slice that it is at, ms. */
const JOB_MS = 30_000;

export async function freezeVictim({ attacker, shop, owner, now }: Scene): Promise<Outcome> {
  const victim = "frozen-victim";
  const lists = Array.from({ length: 25 }, (_, i) => ({
    ...WILLING,
    name: "view_item_list",
    event_id: `freeze-${i}`,
    anonymous_id: victim,
    timestamp: Date.now() + AHEAD,
    items: Array.from({ length: 99 }, () => ({ item_id: shop.popular })),
  }));
  const sent = await attacker.send(lists);
  const view = { ...WILLING, event_id: "frozen", anonymous_id: victim, timestamp: now };
  const body = JSON.stringify([{ ...view, items: [{ item_id: shop.popular }] }]);
  const { body: answer } = await owner.send("POST", "/v1/events", body);
  const { late } = Object(answer);
  return { ...sent, harm: late === 0 ? null : "the victim's next event is late" };
}

/** What `seen=exclude` leaves out of `seen=allow` is what the user looked at. */
export async function readStranger({ attacker, shop, owner, now }: Scene): Promise<Outcome> {
  const user_id = "stranger@shop.example";
  const past = { ...WILLING, event_id: "past", user_id, timestamp: now };
  await owner.send(
    "POST",
    "/v1/events",
    JSON.stringify([{ ...past, items: [{ item_id: shop.popular }] }]),
  );
  const who = encodeURIComponent(user_id);
  const ask = async (seen: string) =>
    JSON.stringify(await attacker.ask(`/v1/recommendations?user_id=${who}&limit=100&seen=${seen}`));
  const [allowed, excluded] = [await ask("allow"), await ask("exclude")];
  const mark = `"${shop.popular}"`;
  const isTold = allowed.includes(mark) && !excluded.includes(mark);
  return { events: 0, accepted: 0, harm: isTold ? "what the stranger looked at" : null };
}

export async function takeStrangersCart({ attacker, shop, owner, now }: Scene): Promise<Outcome> {
  const user_id = "carted@shop.example";
  const cart = { ...WILLING, name: "add_to_cart", event_id: "carted", user_id, timestamp: now };
  await owner.send(
    "POST",
    "/v1/events",
    JSON.stringify([{ ...cart, items: [{ item_id: shop.popular }] }]),
  );
  const link = { ...WILLING, name: "identify", event_id: "link", timestamp: now, items: [] };
  const sent = await attacker.send([{ ...link, user_id, anonymous_id: "thief" }]);
  const answer = await owner.send("GET", "/v1/shoppers/thief/profile?id_type=anonymous");
  const isTold = JSON.stringify(answer.body).includes(`"${shop.popular}"`);
  return { ...sent, harm: isTold ? "the stranger's cart" : null };
}

export async function stopRollUp({ attacker, shop, owner, now }: Scene): Promise<Outcome> {
  const huge = { item_id: shop.popular, price: 1e9, quantity: 1e6 };
  const sent = await attacker.send([
    {
      ...WILLING,
      name: "purchase",
      event_id: "huge",
      transaction_id: "huge",
      anonymous_id: "huge",
      timestamp: now,
      items: [...Array.from({ length: 93 }, () => huge), { item_id: shop.popular, price: 1 }],
    },
  ]);
  return { ...sent, harm: await runJob(owner, "roll-up") };
}

export async function sendFarDays({ attacker, shop, owner, now }: Scene): Promise<Outcome> {
  const events = Array.from({ length: 9000 }, (_, i) => ({
    ...WILLING,
    event_id: `far-${i}`,
    anonymous_id: `far-${i % 50}`,
    timestamp: now - i * DAY,
    items: [{ item_id: shop.popular }],
  }));
  const sent = await attacker.send(events);
  return { ...sent, harm: await runJob(owner, "export-events") };
}

async function runJob(owner: Scene["owner"], name: string): Promise<string | null> {
  const start = performance.now();
  const { status, body } = await owner.send("POST", `/v1/jobs/${name}/run`);
  const took = performance.now() - start;
  const run = JSON.stringify(body);
  if (status >= 300 || run.includes('"failed"')) return `${name}: ${run.slice(0, 200)}`;
  return took > JOB_MS ? `${name} took ${Math.round(took / 1000)} s` : null;
}
