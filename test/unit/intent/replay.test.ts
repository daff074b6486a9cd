// Rows of intent: what they may know, and what is never labelled.
import { describe, expect, it } from "vitest";
import { completeEvent } from "../../../durable/state/event.ts";
import type { EventName } from "../../../durable/state/event.ts";
import { SESSION_GAP } from "../../../durable/state/session.ts";
import { HEADS, completeIntentConfig } from "../../../models/intent/config.ts";
import { openIntent } from "../../../models/intent/serve/open-intent.ts";
import { createIntentFolder } from "../../../models/intent/serve/model-folder.ts";
import { replayIntent } from "../../../models/intent/train/replay-intent.ts";
import type { IntentEvent } from "../../../models/intent/train/replay-intent.ts";
import { splitBySession } from "../../../models/intent/train/rows.ts";
import type { IntentRow } from "../../../models/intent/train/rows.ts";
import { trainIntent } from "../../../models/intent/train/train-intent.ts";
import { emptyShopper, foldShopper } from "../../../durable/state/shopper.ts";
import { createNodeRuntime } from "../../../models/runtime/node.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 5);

function tell(shopper: string, name: EventName, minute: number, item_id = "a"): IntentEvent {
  const timestamp = START + minute * MINUTE;
  const line = { quantity: 1, price: 1000, category: "shoes" };
  const event = completeEvent({
    event_id: `${shopper}-${name}-${minute}`,
    name,
    timestamp,
    tie: 0,
    session_id: null,
    value: null,
    search_term: null,
    transaction_id: name === "purchase" ? `${shopper}-${minute}` : null,
    coupon: null,
    recommendation_id: null,
    items: [
      {
        item_id,
        variant: null,
        group_id: null,
        brand: null,
        list_id: null,
        index: null,
        coupon: null,
        filled: null,
        ...line,
      },
    ],
  });
  return { shopper, linked_from: null, personalization: true, event, visit: { device: null } };
}

const FAR = 10_000;
/** Ends the log long after all that is asked about. */
const LAST = tell("z", "view_item", FAR);

function labels({ labels }: IntentRow) {
  return Object.fromEntries(HEADS.map((head, index) => [head, labels[index]]));
}

describe("rows of a log", () => {
  it("say what came later in the session, and none stands at or after its first purchase", async () => {
    const log = await replayIntent([
      tell("x", "view_item", 0),
      tell("x", "add_to_cart", 1),
      tell("x", "purchase", 2),
      tell("x", "view_item", 3),
      LAST,
    ]);
    const rows = log.rows(0, log.until);
    expect(rows.map(labels)).toMatchObject([
      { buys: 1, left: -1 },
      { buys: 1, left: 0 },
    ]);
    expect(rows.map(({ firstAdd }) => firstAdd)).toEqual([false, true]);
  });

  it("say nothing of a session that the end of the log may have cut off", async () => {
    const end = tell("y", "view_item", SESSION_GAP / MINUTE - 1);
    const log = await replayIntent([tell("x", "view_item", 0), end]);
    expect(log.rows(0, log.until)).toEqual([]);
  });

  it("label a return by the hour in which it comes, and none that nobody can know yet", async () => {
    const log = await replayIntent([
      tell("x", "add_to_cart", 0),
      tell("x", "view_item", (2 * HOUR) / MINUTE),
    ]);
    const at = START + 20 * HOUR;
    const [first, second] = log.rows(0, at).map(labels);
    expect(first).toMatchObject({ left: 1, return_1h: 0, return_24h: 1, return_72h: -1 });
    expect(second).toMatchObject({ return_1h: 0, return_24h: -1, return_72h: -1 });
  });

  it("read the same whatever comes later", async () => {
    const past = [tell("x", "view_item", 0), tell("x", "add_to_cart", 1, "b")];
    const short = await replayIntent([...past, LAST]);
    const long = await replayIntent([...past, tell("x", "purchase", 2, "b"), LAST]);
    const read = ({ features }: IntentRow) => [...features];
    expect(long.rows(0, long.until).map(read)).toEqual(short.rows(0, short.until).map(read));
  });

  it("of one session are never on both sides of a split", async () => {
    const events = Array.from({ length: 40 }, (_, index) => [
      tell(`s${index}`, "view_item", index),
      tell(`s${index}`, "view_item", index + 20),
    ]).flat();
    const ordered = events.sort((a, b) => a.event.timestamp - b.event.timestamp);
    const log = await replayIntent([...ordered, LAST]);
    const { earlier, later } = splitBySession(log.rows(0, log.until), 0.3);
    const sessions = new Set(earlier.map(({ session }) => session));
    expect(later.length).toBeGreaterThan(0);
    expect(later.filter(({ session }) => sessions.has(session))).toEqual([]);
  });
});

describe("a trained model", () => {
  it("serves what it learned, reads a live fold as the log, and its reasons stand a removal", async () => {
    const events = Array.from({ length: 200 }, (_, index) => {
      const shopper = `s${index}`;
      const view = tell(shopper, "view_item", index * 2, index % 2 === 0 ? "good" : "dull");
      const add = tell(shopper, "add_to_cart", index * 2 + 0.5, "good");
      const buy = tell(shopper, "purchase", index * 2 + 1, "good");
      const added = index % 2 === 0 ? [view, add] : [view];
      // One in five does otherwise: what is sure has no reasons.
      return (index % 2 === 0) === index % 5 > 0 ? [...added, buy] : added;
    }).flat();
    const log = await replayIntent([...events, LAST]);
    const runtime = createNodeRuntime({ threads: 1 });
    const config = completeIntentConfig({ batch: 32, epochs: 6, members: 1, learningRate: 0.02 });
    const rows = log.rows(0, log.until);
    const { weights } = await trainIntent(rows, config, runtime);
    const { manifest, files } = await createIntentFolder(weights, {
      config,
      rates: log.rates.table,
      data: { source: "test", from: null, to: null, events: rows.length },
      metrics: {},
      now: START,
    });
    const opened = await openIntent(runtime)({ manifest, files });
    if (!opened.ok) throw new Error(opened.reason);
    const visit = (items: IntentEvent[]) =>
      items.reduce((state, { event }) => foldShopper(state, event), emptyShopper());
    const adds = [tell("n", "view_item", 500, "good"), tell("n", "add_to_cart", 501, "good")];
    const hot = await opened.value.read(visit(adds), null, true);
    const cold = await opened.value.read(visit([tell("n", "view_item", 500, "dull")]), null, true);
    expect(hot?.probabilities.buys).toBeGreaterThan(cold?.probabilities.buys ?? 1);
    expect(hot?.reasons.length).toBeGreaterThan(0);
    const [first, second] = hot?.reasons ?? [];
    expect(Math.abs(first?.contribution ?? 0)).toBeGreaterThanOrEqual(
      Math.abs(second?.contribution ?? 0),
    );
    expect(await opened.value.read(emptyShopper(), null, true)).toBeNull();
    const other = { ...manifest, feature_schema: "0".repeat(64) };
    expect((await openIntent(runtime)({ manifest: other, files })).ok).toBe(false);
    await opened.value.release();
  });
});
