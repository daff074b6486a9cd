// The baseline of what followed a shopper's last item, and questions that begin in the middle of a log.
import { expect, it } from "vitest";
import { cutBatches } from "../../../src/lab/replay/batches.ts";
import { LastItemRanking } from "../../../src/lab/replay/last-item.ts";
import type { WireEvent } from "../../../src/lab/simulate/wire.ts";

function view(index: number, anonymous_id: string, item_id: string): WireEvent {
  return {
    event_id: `e${index}`,
    name: "view_item",
    timestamp: 1000 * index,
    anonymous_id,
    session_id: `session of ${anonymous_id}`,
    items: [{ item_id }],
  };
}

const ann = { id_type: "anonymous_id", id: "ann" } as const;
const bob = { id_type: "anonymous_id", id: "bob" } as const;

it("ranks what others looked at after the shopper's last item, and nothing for a stranger", () => {
  const ranking = new LastItemRanking();
  const seen = ["cup", "pot", "cup", "pot", "cup", "jug"];
  for (const [index, item] of seen.entries()) ranking.observe(view(index, `s${index >> 1}`, item));
  ranking.observe(view(9, "ann", "cup"));
  expect(ranking.rankOf(ann, "pot")).toBe(1);
  expect(ranking.rankOf(ann, "jug")).toBe(2);
  expect(ranking.rankOf(ann, "lamp")).toBe(Infinity);
  expect(ranking.rankOf(bob, "pot")).toBe(Infinity);
  ranking.observe({ ...view(10, "ann", ""), name: "identify", user_id: "u1", items: [] });
  expect(ranking.rankOf({ id_type: "user_id", id: "u1" }, "pot")).toBe(1);
});

it("asks nothing before the time from which it judges, but knows who was there", async () => {
  const events = Array.from({ length: 6 }, (_, index) => view(index, "ann", `item ${index}`));
  async function* stream(): AsyncGenerator<WireEvent> {
    yield* events;
  }
  const cut = { size: 10, ask: true, askFrom: 4000, skip: 0, onSkipped: () => undefined };
  const targets: string[] = [];
  let sent = 0;
  for await (const batch of cutBatches(stream(), cut)) {
    targets.push(...batch.asks.map(({ target }) => target));
    sent += batch.events.length;
  }
  expect(targets).toEqual(["item 4", "item 5"]);
  expect(sent).toBe(6);
});
