// Messages that were given up on, in real D1.
import { env } from "cloudflare:workers";
import { applyD1Migrations } from "cloudflare:test";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listDeadLetters, redriveDeadLetters } from "../../src/log/dead-letters.ts";
import { eraseFromLog } from "../../src/log/erase.ts";
import { countRows, request } from "./support/api.ts";
import { consume, emptyLog, failBatches, makeEntry, makeEvents } from "./support/queue.ts";

beforeAll(() => applyD1Migrations(env.DB, env.D1_MIGRATIONS));
beforeEach(emptyLog);

const shut = { send: () => Promise.reject(new Error("full")) };

describe("dead letters", () => {
  it("are kept, listed, sent again, and gone", async () => {
    expect(
      await consume([makeEvents("late"), makeEvents("later")], { queue: "millrace-dead" }),
    ).toEqual({ acked: [0, 1], retried: [] });
    const listed = await (await request("GET", "/v1/dead-letters?limit=1")).json();
    expect(listed).toMatchObject({
      dead_letters: [{ reason: "retries exhausted", body: { kind: "events" } }],
    });
    const sent: unknown[] = [];
    const queue = { send: async (body: unknown) => void sent.push(body) };
    expect(await redriveDeadLetters(env.DB, { log: queue, reminders: shut }, 10)).toBe(2);
    expect(sent).toEqual([makeEvents("late"), makeEvents("later")]);
    expect(await countRows("dead_letters")).toBe(0);
    const again = await request("POST", "/v1/dead-letters/redrive");
    expect(await again.json()).toEqual({ redriven: 0 });
  });

  it("stay where the queue does not take them", async () => {
    await consume([makeEvents("x"), makeEvents("y")], { queue: "millrace-dead" });
    await expect(redriveDeadLetters(env.DB, { log: shut, reminders: shut }, 10)).rejects.toThrow(
      "full",
    );
    expect(await countRows("dead_letters")).toBe(2);
  });

  it("keep nothing of before their shopper was erased, and all of others", async () => {
    const gone = makeEntry("of-the-erased", {}, "erased-shopper");
    const device = { ...makeEntry("of-a-device", {}, "user"), linked_from: "erased-shopper" };
    const other = makeEntry("of-another", {}, "other-shopper");
    const since = { ...gone, received_at: gone.received_at + 1 };
    await eraseFromLog(env.DB, ["erased-shopper"], gone.received_at);
    const entries = [gone, device, other, since];
    const reminder = { reminder_id: "r", shopper: "erased-shopper", at: gone.received_at };
    await consume([reminder, { kind: "events", entries }], { queue: "millrace-dead" });
    const [letter] = await listDeadLetters(env.DB, 0, 10);
    expect(JSON.parse(letter?.body ?? "null")).toEqual({ kind: "events", entries: [other, since] });
    expect(await countRows("dead_letters")).toBe(1);
  });

  it("wait in the queue while D1 is away", async () => {
    const database = failBatches(env.DB, () => true);
    expect(await consume([makeEvents("x")], { queue: "millrace-dead", database })).toEqual({
      acked: [],
      retried: [0],
    });
  });
});
