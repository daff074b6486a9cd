// Many short lives of a shopper, each another interleaving of what can happen to reminders. The same seed, the same lives.
import { GUARDS, type GuardTable } from "../../../durable/state/reminders/guards.ts";
import { type Harm, World } from "./world.ts";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 5, 6);
/** Things that happen in one life: enough for a cart, a reminder, a purchase and another cart. */
const STEPS = 28;
const ITEMS = ["boots", "socks", "hat"] as const;

export type TortureResult = {
  interleavings: number;
  /** Reminders that reached the receiver. */
  posts: number;
  harms: Partial<Record<Harm, number>>;
  /** The first life that came to harm. */
  first: { seed: number; harm: Harm } | null;
};

/** @param stopAtHarm one harm is enough to know */
export function torture(
  interleavings: number,
  seed = 1,
  guards: GuardTable = GUARDS,
  stopAtHarm = false,
): TortureResult {
  const result: TortureResult = { interleavings: 0, posts: 0, harms: {}, first: null };
  for (let life = seed; life < seed + interleavings; life++) {
    const world = live(life, guards);
    result.interleavings++;
    result.posts += world.posts;
    for (const harm of world.harms) {
      result.harms[harm] = (result.harms[harm] ?? 0) + 1;
      result.first ??= { seed: life, harm };
    }
    if (stopAtHarm && result.first !== null) break;
  }
  return result;
}

function live(seed: number, guards: GuardTable): World {
  const draw = createDraw(seed);
  const world = new World(String(seed), START + Math.floor(draw() * 24) * HOUR, guards);
  world.add("boots");
  for (let step = 0; step < STEPS; step++) happen(world, draw);
  return world;
}

function happen(world: World, draw: () => number): void {
  const kind = draw();
  const item = ITEMS[Math.floor(draw() * ITEMS.length)] ?? "boots";
  if (kind < 0.14) world.add(item);
  else if (kind < 0.19) world.remove(item);
  else if (kind < 0.24) world.buy([0, 0.5, 1][Math.floor(draw() * 3)] ?? 1);
  else if (kind < 0.28) world.consent(draw() < 0.6);
  else if (kind < 0.31) world.identify();
  else if (kind < 0.325) world.erase();
  else if (kind < 0.4) world.pass(draw() * 20 * HOUR);
  else if (kind < 0.45) world.pass(draw() * HOUR);
  else if (kind < 0.48) world.jumpClock((draw() - 0.5) * 4 * HOUR);
  else if (kind < 0.52) world.ring(draw() < 0.5);
  else if (kind < 0.72 || !world.hasMail) world.ringWhenDue(draw() < 0.1);
  else if (kind < 0.78) world.deliver(draw(), "fails");
  else if (kind < 0.83) world.deliver(draw(), "killed");
  else if (kind < 0.88) world.deliver(draw(), "twice");
  else world.deliver(draw(), "well");
}

/** mulberry32: 0..1. */
function createDraw(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
