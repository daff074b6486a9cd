// A visitor who does not come back is forgotten; a user, and a visitor who has become one, are not.
import { applyD1Migrations, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { deliver, exportOf, identify, shopperNamed } from "./shopper-deliveries.ts";

const DAY = 86_400_000;
/** What wrangler.toml says. */
const IDLE_DAYS = 180;
/** No alarm can be set for what is past by the machine's own clock. */
const START = Date.now();

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(START);
});
afterEach(() => {
  vi.useRealTimers();
});

const visit = (event_id: string, timestamp = START) =>
  deliver(event_id, { timestamp }, { visitor: true, received_at: timestamp });

const alarmOf = (name: string) =>
  runInDurableObject(shopperNamed(name), (_, { storage }) => storage.getAlarm());

const tablesOf = (name: string) =>
  runInDurableObject(
    shopperNamed(name),
    (_, { storage }) =>
      storage.sql
        .exec("select name from sqlite_master where name not like '\\_cf%' escape '\\'")
        .toArray().length,
  );

/** Lets the alarm ring at each of its times until nothing is due before `end`. */
async function passUntil(name: string, end: number): Promise<void> {
  for (;;) {
    const at = await alarmOf(name);
    if (at === null || at > end) break;
    vi.setSystemTime(Math.max(at, Date.now()));
    await runDurableObjectAlarm(shopperNamed(name));
  }
  vi.setSystemTime(end);
}

it("forgets a visitor after long silence, counted from the last visit", async () => {
  const name = "idle-visitor";
  await shopperNamed(name).ingest([{ ...visit("idle-1"), log: false }]);
  expect(await alarmOf(name)).toBe(START + IDLE_DAYS * DAY);
  vi.setSystemTime(START + 100 * DAY);
  await shopperNamed(name).ingest([{ ...visit("idle-2", START + 100 * DAY), log: false }]);
  await passUntil(name, START + 279 * DAY);
  expect((await exportOf(name)).state.profile.counts.view_item).toBe(2);
  await passUntil(name, START + 281 * DAY);
  expect(await tablesOf(name)).toBe(0);
  expect(await alarmOf(name)).toBeNull();
  await shopperNamed(name).ingest([{ ...visit("idle-1", START + 281 * DAY), log: false }]);
  expect((await exportOf(name)).state.profile.counts.view_item).toBe(1);
});

it("keeps what is not in the log yet", async () => {
  const name = "idle-unlogged";
  await shopperNamed(name).ingest([visit("unlogged")]);
  await runInDurableObject(shopperNamed(name), (_, { storage }) => {
    storage.sql.exec("update outbox set due_at = ?", START + 400 * DAY);
  });
  vi.setSystemTime(START + 200 * DAY);
  await runDurableObjectAlarm(shopperNamed(name));
  expect((await exportOf(name)).pending).toHaveLength(1);
});

it("keeps a user, and a visitor who has become one", async () => {
  const user = "idle-user";
  await shopperNamed(user).ingest([deliver("user-1", { timestamp: START }, { log: false })]);
  expect(await alarmOf(user)).toBeNull();
  const device = "idle-device";
  await shopperNamed(device).ingest([{ ...visit("device-1"), log: false }]);
  await shopperNamed(device).linkTo(user, { ...identify("device-2", START + 1), log: false });
  await passUntil(device, START + 400 * DAY);
  expect(await shopperNamed(device).snapshot()).toEqual({ kind: "linked", to: user });
});
