// A reminder's life against the Worker: from a cart that is left to a signed message, and what stops it on its way.
import { runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { Webhook } from "standardwebhooks";
import type { EventName } from "../../durable/state/event.ts";
import { deliverReminders } from "../../src/carts/deliver.ts";
import { request } from "./support/api.ts";
import { makeBatch } from "./support/queue.ts";
import { openShop } from "./support/shop.ts";
import { deliver, exportOf, shopperNamed } from "./shopper-deliveries.ts";

/** Far ahead, so that alarms ring in tests only when told to. */
const NOON = Date.UTC(2090, 0, 1, 12);
const HOUR = 3_600_000;
const SECRET = "whsec_bWlsbHJhY2Utb24tdGhpcy1tYWNoaW5lLW9ubHk=";
const RULES = {
  rules: [{ rule_id: "left", channel: "webhook", trigger: { kind: "cart_left" } }],
  hold_out: 0,
};

beforeAll(async () => {
  await openShop();
  expect((await request("PUT", "/v1/reminders/rules", { body: RULES })).status).toBe(200);
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOON });
});

afterEach(() => {
  vi.useRealTimers();
});

async function tell(shopper: string, name: EventName, marketing = true): Promise<void> {
  const consent = Object.assign({ marketing }, { analytics: true, personalization: true });
  const event = { name, timestamp: Date.now() };
  await shopperNamed(shopper).ingest([deliver(`${shopper}-${name}`, event, { consent })]);
}

/** An hour after the cart was left. */
async function ring(shopper: string) {
  vi.setSystemTime(NOON + HOUR + 1);
  await runDurableObjectAlarm(shopperNamed(shopper));
  return (await exportOf(shopper)).reminders.pending;
}

/** What the receiver is sent of this reminder, by one message of the queue. */
async function send(shopper: string, reminder_id: string, status = 204): Promise<Request[]> {
  const about = { rule_id: "left", channel: "webhook", cart_version: "v", touch: 0 };
  const message = { kind: "due", reminder_id, ...about, shopper, at: Date.now() };
  const received: Request[] = [];
  const receive: typeof fetch = async (input, init) => {
    received.push(new Request(input, init));
    return new Response(null, { status });
  };
  const receiver = {
    REMINDER_WEBHOOK_URL: "https://shop.example/hook",
    REMINDER_WEBHOOK_SECRET: SECRET,
  };
  const batch = makeBatch([message], "millrace-reminders");
  await deliverReminders(batch, { ...env, ...receiver }, Date.now(), receive);
  return received;
}

it("sends a signed message for a cart that was left, once", async () => {
  await tell("left", "add_to_cart");
  const [pending] = await ring("left");
  const id = pending?.reminder_id ?? "";
  const [failed] = await send("left", id, 500);
  expect(failed?.headers.get("webhook-id")).toBe(id);
  const [received] = await send("left", id);
  const headers = Object.fromEntries(received?.headers ?? []);
  const body: unknown = new Webhook(SECRET).verify((await received?.text()) ?? "", headers);
  expect(body).toMatchObject({ data: { reminder_id: id, cart: { value: 9 } } });
  expect(await send("left", id)).toEqual([]);
  const results = await (
    await request("GET", "/v1/reminders/results?since=2089-01-01T00:00:00Z")
  ).json();
  expect(results).toMatchObject({ reminded: { shown: 1 }, uplift: null });
});

it.each(["purchase", "remove_from_cart"] as const)(
  "is stopped by a %s on its way",
  async (name) => {
    await tell(name, "add_to_cart");
    const [pending] = await ring(name);
    await tell(name, name);
    expect(await send(name, pending?.reminder_id ?? "")).toEqual([]);
  },
);

it("is stopped by an erasure", async () => {
  await tell("erased", "add_to_cart");
  const [pending] = await ring("erased");
  await shopperNamed("erased").erase();
  expect(await send("erased", pending?.reminder_id ?? "")).toEqual([]);
});

it("is not made without consent to marketing", async () => {
  await tell("refused", "add_to_cart", false);
  expect(await ring("refused")).toEqual([]);
});

it("refuses rules that cannot be held", async () => {
  const bad = [
    { rules: [{ rule_id: "r", channel: "pull", trigger: { kind: "cart_reaches" } }] },
    { rules: [...RULES.rules, ...RULES.rules] },
    { time_zone: "Atlantis" },
    { quiet_hours: { from: "08:00", to: "08:00" } },
    { cap_per_week: 1, rules: [{ ...RULES.rules[0], touches: 3 }] },
  ];
  for (const body of bad) {
    expect((await request("PUT", "/v1/reminders/rules", { body })).status).toBe(400);
  }
});
