// One Shopper object in real workerd: each event once, kept as consent allows, whatever happens to the instance.
import { abortAllDurableObjects, evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { NO_REMINDER_STATE } from "../../durable/state/reminders/state.ts";
import { emptyShopper } from "../../durable/state/shopper.ts";
import { deliver, exportOf, shopperNamed, START } from "./shopper-deliveries.ts";

it("answers for a shopper never seen, and stores nothing for having been asked", async () => {
  const stub = shopperNamed("nobody");
  expect(await stub.snapshot()).toEqual({
    kind: "snapshot",
    shopper: "nobody",
    state: emptyShopper(),
    consent: null,
  });
  const tables = await runInDurableObject(stub, (_, { storage }) =>
    storage.sql
      .exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'")
      .toArray(),
  );
  expect(tables).toEqual([]);
});

it("keeps each event once, within a request and over several", async () => {
  const stub = shopperNamed("once");
  const a = deliver("a");
  expect(await stub.ingest([a, a, deliver("b")])).toMatchObject({
    kind: "ingested",
    shopper: "once",
    verdicts: ["applied", "duplicate", "applied"],
  });
  expect((await stub.ingest([deliver("b"), a])).verdicts).toEqual(["duplicate", "duplicate"]);
  const { state, pending } = await exportOf("once");
  expect(state.profile.counts.view_item).toBe(2);
  expect(pending.map(({ event }) => event.event_id)).toEqual(["a", "b"]);
});

it("keeps each event once when many requests bring it at the same moment", async () => {
  const deliveries = Array.from({ length: 20 }, (_, i) =>
    deliver(`e${i}`, { name: "add_to_cart", timestamp: START + i }),
  );
  const results = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      shopperNamed("crowd").ingest(i % 2 === 0 ? deliveries : deliveries.toReversed()),
    ),
  );
  const applied = results.flatMap(({ verdicts }) => verdicts).filter((v) => v === "applied");
  expect(applied).toHaveLength(20);
  expect((await exportOf("crowd")).state.cart.lines).toMatchObject([{ quantity: 20 }]);
});

it("remembers everything after the instance is gone", async () => {
  const stub = shopperNamed("evicted");
  await stub.ingest([
    deliver("a", { name: "add_to_cart" }),
    deliver("late", { timestamp: START - 9e6 }),
  ]);
  const before = await exportOf("evicted");
  await evictDurableObject(stub);
  expect(await exportOf("evicted")).toEqual(before);
  expect((await stub.ingest([deliver("a")])).verdicts).toEqual(["duplicate"]);
  await evictDurableObject(stub);
  // Before the event in the window: folded again from the rows.
  const early = deliver("early", { timestamp: START - 60_000, item_id: "desk" });
  expect((await stub.ingest([early])).verdicts).toEqual(["applied"]);
  const { state, late_events } = await exportOf("evicted");
  expect(state.profile.recent.map(({ item_id }) => item_id)).toEqual(["desk", "lamp"]);
  expect(late_events).toBe(1);
});

it("keeps nothing of a request that fails half-way", async () => {
  const stub = shopperNamed("broken");
  await stub.ingest([deliver("a")]);
  await runInDurableObject(stub, (_, { storage }) => {
    storage.sql.exec(
      "CREATE TRIGGER full BEFORE INSERT ON outbox WHEN NEW.event_id = 'c' BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    );
  });
  await runInDurableObject(stub, async (shopper) => {
    await expect(shopper.ingest([deliver("b"), deliver("c")])).rejects.toThrow("disk full");
  });
  const { state, pending } = await exportOf("broken");
  expect(state.profile.counts.view_item).toBe(1);
  expect(pending).toHaveLength(1);
  await runInDurableObject(stub, (_, { storage }) => {
    storage.sql.exec("DROP TRIGGER full");
  });
  expect((await stub.ingest([deliver("b"), deliver("c")])).verdicts).toEqual([
    "applied",
    "applied",
  ]);
});

it("folds and logs as far as consent goes", async () => {
  const stub = shopperNamed("careful");
  const logOnly = deliver("logged", {}, { fold: false });
  const foldOnly = deliver("folded", {}, { log: false });
  const neither = deliver("neither", {}, { fold: false, log: false });
  await stub.ingest([logOnly, foldOnly, neither]);
  const again = await stub.ingest([logOnly, foldOnly, neither]);
  expect(again.verdicts).toEqual(["duplicate", "duplicate", "applied"]);
  const { state, pending } = await exportOf("careful");
  expect(state.profile.counts.view_item).toBe(1);
  expect(pending.map(({ event }) => event.event_id)).toEqual(["logged"]);
});

it("keeps nothing at all of a stranger who refuses", async () => {
  const refusal = deliver(
    "x",
    {},
    {
      fold: false,
      log: false,
      consent: { analytics: false, personalization: false },
    },
  );
  await shopperNamed("stranger").ingest([refusal]);
  // But the refusal itself, where silence would mean yes.
  expect(await exportOf("stranger")).toMatchObject({ consent: refusal.consent, pending: [] });
  await shopperNamed("regular").ingest([deliver("a"), refusal]);
  expect((await exportOf("regular")).consent).toEqual(refusal.consent);
});

it("lets the consent of the latest event hold, not of the last to arrive", async () => {
  const refused = { analytics: true, personalization: false };
  await shopperNamed("changed").ingest([
    deliver("new", { timestamp: START + 1 }, { fold: false, consent: refused }),
    deliver("old"),
  ]);
  expect((await exportOf("changed")).consent).toEqual(refused);
});

it("folds old events into a checkpoint, and goes on from its rows", async () => {
  const HOUR = 3_600_000;
  const stub = shopperNamed("busy");
  const day = Array.from({ length: 100 }, (_, i) =>
    deliver(`e${i}`, { timestamp: START + i * (HOUR / 10) }),
  );
  await stub.ingest(day.slice(0, 60));
  await stub.ingest(day.slice(60));
  const rows = () =>
    runInDurableObject(stub, (_, { storage }) => ({
      checkpoints: storage.sql.exec("SELECT floor_timestamp FROM checkpoint").toArray().length,
      window: storage.sql.exec("SELECT seq FROM window_entries").toArray().length,
    }));
  const { checkpoints, window } = await rows();
  expect(checkpoints).toBe(1);
  expect(window).toBeLessThan(60);
  await abortAllDurableObjects();
  const last = day.at(-1)?.event.timestamp ?? START;
  await shopperNamed("busy").ingest([deliver("before the last", { timestamp: last - 1 })]);
  expect((await exportOf("busy")).state.profile.counts.view_item).toBe(101);
});

it("forgets everything, and the absorbed with it", async () => {
  await shopperNamed("anon-erased").ingest([deliver("a")]);
  await shopperNamed("anon-erased").linkTo(
    "erased",
    deliver("i", { name: "identify", timestamp: START + 1 }),
  );
  expect(await shopperNamed("erased").erase()).toMatchObject({
    erased: ["erased", "anon-erased"],
  });
  for (const name of ["anon-erased", "erased"]) {
    expect(await exportOf(name)).toEqual({
      kind: "snapshot",
      shopper: name,
      state: emptyShopper(),
      consent: null,
      late_events: 0,
      pending: [],
      reminders: NO_REMINDER_STATE,
      absorbed: [],
    });
    const alarm = await runInDurableObject(shopperNamed(name), (_, { storage }) =>
      storage.getAlarm(),
    );
    expect(alarm).toBeNull();
    const now = Date.now() + 60_000;
    const later = deliver("a", { timestamp: now }, { received_at: now });
    const { verdicts } = await shopperNamed(name).ingest([deliver("a"), later]);
    expect(verdicts).toEqual(["erased", "applied"]);
  }
});
