// `identify`: two histories become one, once, whatever arrives in which order.
import * as fc from "fast-check";
import { expect, it } from "vitest";
import { canonicalJson } from "../../../durable/state/canonical-json.ts";
import type { ShopEvent } from "../../../durable/state/event.ts";
import { chooseLink } from "../../../durable/state/identify.ts";
import { mergeShoppers } from "../../../durable/state/merge.ts";
import { LATENESS_WINDOW } from "../../../durable/state/receive.ts";
import type { ReplayedShop } from "../../../durable/state/replay.ts";
import { emptyShop, replayEvent, replayIdentify } from "../../../durable/state/replay.ts";
import { emptyShopper, foldShopper } from "../../../durable/state/shopper.ts";
import { compareEvents } from "../../../durable/state/event.ts";
import { eventOf, lineOf, MINUTE, shopEvents, START } from "./arbitrary.ts";

const MINUTES = 8 * 60;
const HISTORY = { minutes: MINUTES, maxLength: 60 };

type Step = { as: "anonymous" | "user" | "identify"; event: ShopEvent };

const identifies = fc
  .nat({ max: MINUTES })
  .map((minute) =>
    eventOf({ name: "identify", event_id: "i", timestamp: START + minute * MINUTE }),
  );

const delays = fc.infiniteStream(fc.nat({ max: LATENESS_WINDOW }));

function play(steps: readonly Step[]): ReplayedShop {
  const shop = emptyShop();
  for (const { as, event } of steps) {
    if (as === "identify") replayIdentify(shop, "anonymous", "user", event);
    else replayEvent(shop, as, event);
  }
  return shop;
}

function stateOf(shop: ReplayedShop, shopper: string): string {
  return canonicalJson(shop.streams.get(shopper)?.live ?? emptyShopper());
}

function delay(steps: readonly Step[], by: Iterator<number>): Step[] {
  return steps
    .map((step) => ({ step, at: step.event.timestamp + Number(by.next().value) }))
    .sort((a, b) => a.at - b.at)
    .map(({ step }) => step);
}

const stories = fc
  .tuple(shopEvents("a", HISTORY), shopEvents("u", HISTORY), identifies)
  .map(([anonymous, user, identify]): Step[] =>
    anonymous
      .map((event): Step => ({ as: "anonymous", event }))
      .concat(user.map((event) => ({ as: "user", event })))
      .concat({ as: "identify", event: identify }),
  );

it("comes to the same user whatever arrives when, within the window", () => {
  fc.assert(
    fc.property(stories, delays, (steps, delays) => {
      const inOrder = play([...steps].sort((a, b) => compareEvents(a.event, b.event)));
      const late = play(delay(steps, delays));
      expect(stateOf(late, "user")).toBe(stateOf(inOrder, "user"));
      expect(late.streams.get("user")?.late).toBe(0);
      expect(stateOf(late, "anonymous")).toBe(canonicalJson(emptyShopper()));
    }),
    { numRuns: 200 },
  );
});

it("changes nothing when it is repeated, under the same id or another", () => {
  fc.assert(
    fc.property(stories, (steps) => {
      const once = play([...steps].sort((a, b) => compareEvents(a.event, b.event)));
      const before = stateOf(once, "user");
      const identify = eventOf({ name: "identify", event_id: "i" });
      expect(replayIdentify(once, "anonymous", "user", identify)).toBe("duplicate");
      expect(stateOf(once, "user")).toBe(before);

      const timestamp = START + MINUTES * MINUTE;
      const again = eventOf({ name: "identify", event_id: "z", timestamp });
      const counts = once.streams.get("user")?.live.profile.counts;
      replayIdentify(once, "anonymous", "user", again);
      expect(once.streams.get("user")?.live.profile.counts).toEqual({
        ...counts,
        identify: (counts?.identify ?? 0) + 1,
      });
    }),
    { numRuns: 50 },
  );
});

it("loses no event of either side", () => {
  fc.assert(
    fc.property(stories, (steps) => {
      const shop = play([...steps].sort((a, b) => compareEvents(a.event, b.event)));
      const { counts } = shop.streams.get("user")?.live.profile ?? emptyShopper().profile;
      const views = steps.filter(({ event }) => event.name === "view_item");
      expect(counts.view_item).toBe(views.length);
      expect(counts.identify).toBe(1);
    }),
    { numRuns: 50 },
  );
});

it("keeps the history of an anonymous shopper whose identify comes days late", () => {
  const shop = play([
    { as: "anonymous", event: eventOf({ name: "add_to_cart", items: [lineOf("lamp")] }) },
    {
      as: "user",
      event: eventOf({ name: "view_item", event_id: "u", timestamp: START + 5_000 * MINUTE }),
    },
    { as: "identify", event: eventOf({ name: "identify", event_id: "i" }) },
  ]);
  expect(shop.streams.get("user")?.live.cart.lines).toMatchObject([{ item_id: "lamp" }]);
});

it("does not fold an event twice that was sent as anonymous and again as user", () => {
  const event = eventOf({ name: "add_to_cart", items: [lineOf("lamp")] });
  const identify = eventOf({ name: "identify", event_id: "i", timestamp: START + 1 });
  const shop = play([
    { as: "anonymous", event },
    { as: "user", event },
    { as: "identify", event: identify },
    { as: "anonymous", event },
  ]);
  expect(shop.streams.get("user")?.live.cart.lines).toMatchObject([{ quantity: 1 }]);
});

it("sends later events of a shared device to whoever logged in last", () => {
  const login = (event_id: string, minute: number) =>
    eventOf({ name: "identify", event_id, timestamp: START + minute * MINUTE });
  const anna = chooseLink(null, "anna", login("1", 1));
  const ben = chooseLink(anna, "ben", login("2", 2));
  expect(ben.to).toBe("ben");
  expect(chooseLink(ben, "anna", login("1", 1))).toBe(ben);
});

it("leaves in the cart what an order had left there, when the cart is merged", () => {
  const inCart = [lineOf("tent", { variant: "green" }), lineOf("tent-xl", { group_id: "tent" })];
  const shopper = [
    eventOf({ name: "add_to_cart", event_id: "1", items: inCart }),
    eventOf({ name: "purchase", event_id: "2", timestamp: START + 1, items: [lineOf("tent")] }),
  ].reduce(foldShopper, emptyShopper());
  expect(shopper.cart.lines).toMatchObject([{ item_id: "tent-xl" }]);
  expect(mergeShoppers(shopper, emptyShopper())).toEqual(shopper);
  expect(mergeShoppers(emptyShopper(), shopper)).toEqual(shopper);
});

it("merging with a shopper never seen changes nothing, and either side may be first", () => {
  const states = shopEvents("e", HISTORY).map((events) =>
    events.sort(compareEvents).reduce(foldShopper, emptyShopper()),
  );
  fc.assert(
    fc.property(states, states, (a, b) => {
      expect(mergeShoppers(a, emptyShopper())).toEqual(a);
      expect(mergeShoppers(emptyShopper(), a)).toEqual(a);
      const both = mergeShoppers(a, b).profile;
      const swapped = mergeShoppers(b, a).profile;
      expect(both.counts).toEqual(swapped.counts);
      expect(both.categories).toEqual(swapped.categories);
      expect(both.purchases.revenue).toBe(swapped.purchases.revenue);
    }),
    { numRuns: 50 },
  );
});
