// The order of a replay: a question comes after all that its shopper did before, and before what it asks about.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Api, ApiAnswer } from "../../../src/client/api.ts";
import { cutBatches } from "../../../src/lab/replay/batches.ts";
import { replay } from "../../../src/lab/replay/run.ts";
import { restoreTally, toReport, type Tally } from "../../../src/lab/replay/tally.ts";
import { Yardsticks } from "../../../src/lab/replay/yardsticks.ts";
import type { WireEvent } from "../../../src/lab/simulate/wire.ts";

type Step = { ask: string } | { kept: WireEvent };

/** A Worker that keeps every event once, recommends what it was told to, and writes down the order of things. */
class ScriptedWorker implements Api {
  steps: Step[] = [];
  items: string[] = [];
  /** How many questions it answers before it fails. */
  failAfter = Infinity;
  #seen = new Set<string>();

  async send(method: string, path: string, body?: string | Uint8Array): Promise<ApiAnswer> {
    const answer = (status: number, content: unknown): ApiAnswer => ({
      status,
      body: content,
      headers: new Headers(),
      latency: 1,
    });
    if (method === "GET") {
      this.failAfter -= 1;
      if (this.failAfter < 0) throw new Error("no answer");
      const query = new URL(path, "http://worker").searchParams;
      this.steps.push({ ask: query.get("anonymous_id") ?? "" });
      return answer(200, { items: this.items.map((item_id) => ({ item_id })), degraded: [] });
    }
    const { events }: { events: WireEvent[] } = JSON.parse(String(body));
    await Promise.resolve(); // An answer takes a while: later questions may overtake it.
    const fresh = events.filter((event) => !this.#seen.has(event.event_id));
    for (const event of fresh) {
      this.#seen.add(event.event_id);
      this.steps.push({ kept: event });
    }
    const duplicates = events.length - fresh.length;
    return answer(202, { accepted: fresh.length, duplicates, rejected: [] });
  }
}

function toEvents(clicks: readonly (readonly [string, string, boolean])[]): WireEvent[] {
  return clicks.map(([anonymous_id, item_id, viewed], index) => ({
    event_id: `e${index}`,
    name: viewed ? "view_item" : "add_to_cart",
    timestamp: 1_600_000_000_000 + index,
    anonymous_id,
    items: [{ item_id }],
  }));
}

async function* stream(events: readonly WireEvent[]): AsyncGenerator<WireEvent> {
  yield* events;
}

async function run(worker: Api, events: WireEvent[], size: number, tally: Tally): Promise<Tally> {
  const yardsticks = new Yardsticks();
  const deps = { api: worker, tally, yardsticks, concurrency: 3, waitMs: 0 };
  const onSkipped = (event: WireEvent): void => yardsticks.observe(event);
  const cut = { size, ask: true, skip: tally.sent, onSkipped };
  const batches = cutBatches(stream(events), cut);
  for await (const _ of replay(deps, batches));
  return tally;
}

const clicks = fc.array(
  fc.tuple(fc.constantFrom("ann", "bob", "eve"), fc.constantFrom("x", "y", "z"), fc.boolean()),
  { maxLength: 40 },
);

const UNEQUAL = {
  latency_ms: null,
  popularity: null,
  co_visitation: null,
  recently_viewed_co_visitation: null,
  slices: null,
};

describe("a replay", () => {
  it("asks once for each view of a shopper with a past, when that past is kept and the view is not", async () => {
    await fc.assert(
      fc.asyncProperty(clicks, fc.integer({ min: 1, max: 7 }), async (list, size) => {
        const worker = new ScriptedWorker();
        const events = toEvents(list);
        await run(worker, events, size, restoreTally());
        for (const shopper of ["ann", "bob", "eve"]) {
          const own = worker.steps.flatMap((step) => {
            if ("ask" in step) return step.ask === shopper ? ["ask"] : [];
            return step.kept.anonymous_id === shopper ? [step.kept.name] : [];
          });
          const names = events
            .filter((event) => event.anonymous_id === shopper)
            .map((event) => event.name);
          const wanted = names.flatMap((name, index) =>
            index > 0 && name === "view_item" ? ["ask", name] : [name],
          );
          expect(own).toEqual(wanted);
        }
      }),
    );
  });

  it("ends with the same figures when it was stopped and goes on", async () => {
    await fc.assert(
      fc.asyncProperty(clicks, fc.nat(40), async (list, cut) => {
        const events = toEvents(list);
        const whole = new ScriptedWorker();
        const parts = new ScriptedWorker();
        whole.items = parts.items = ["y", "x"];
        const inOne = await run(whole, events, 5, restoreTally());
        const first = await run(parts, events.slice(0, cut), 5, restoreTally());
        const saved = JSON.parse(JSON.stringify(first));
        const inTwo = await run(parts, events, 5, restoreTally(saved));
        // Latency is no property of the log; and the cut ends a batch, so the baselines learn a little earlier.
        expect({ ...toReport(inTwo), ...UNEQUAL }).toEqual({
          ...toReport(inOne),
          ...UNEQUAL,
        });
      }),
    );
  });

  it("reports the rank of the next item, in percent of the questions", async () => {
    const worker = new ScriptedWorker();
    worker.items = ["z", "y"];
    const views = ["x", "y", "y", "x", "z"].map((item) => ["ann", item, true] as const);
    const report = toReport(await run(worker, toEvents(views), 100, restoreTally()));
    // Asked for y (2nd), y (2nd), x (absent), z (1st); by popularity: unseen, 2nd, 2nd, unseen.
    expect(report.recommendations).toMatchObject({ asked: 4, "hr@20": 75, "mrr@20": 50 });
    expect(report.popularity).toMatchObject({ "hr@20": 50, "mrr@20": 25 });
  });

  it("has counted every event that the Worker keeps when a question fails in the middle", async () => {
    await fc.assert(
      fc.asyncProperty(clicks, fc.nat(10), async (list, answered) => {
        const worker = new ScriptedWorker();
        worker.failAfter = answered;
        const tally = restoreTally();
        await run(worker, toEvents(list), 3, tally).catch(() => tally);
        const kept = worker.steps.filter((step) => "kept" in step).length;
        expect(tally.sent).toBe(kept);
      }),
    );
  });

  it("finds all events to be duplicates the second time", async () => {
    const worker = new ScriptedWorker();
    const events = toEvents([
      ["ann", "x", true],
      ["bob", "y", false],
      ["ann", "z", true],
    ]);
    await run(worker, events, 2, restoreTally());
    const again = toReport(await run(worker, events, 2, restoreTally()));
    expect(again).toMatchObject({ sent: 3, accepted: 0, duplicates: 3, rejected: 0 });
  });
});
