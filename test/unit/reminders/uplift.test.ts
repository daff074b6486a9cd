// The interval around what reminders add holds the truth, for shoppers who come back and react by a known amount.
import { expect, it } from "vitest";
import { Random } from "../../../src/lab/simulate/random.ts";
import { judgeUplift } from "../../../src/carts/uplift.ts";

const SEEDS = 100;
const SHOPPERS = 4_000;
/** Of shoppers who left a cart: who come back by themselves, and whom a reminder brings besides. */
const RETURNING = 0.2;
const REACTING = 0.08;
const HOLD_OUT = 0.1;
const LOOK_EVERY = 200;

/** Whether every look at the results, from the first to the last shopper, had the truth in its interval. */
function coversAlways(seed: number): boolean {
  const random = new Random(seed);
  const held = { shoppers: 0, bought: 0 };
  const reminded = { shoppers: 0, bought: 0 };
  for (let n = 1; n <= SHOPPERS; n++) {
    const isHeld = random.chance(HOLD_OUT);
    const group = isHeld ? held : reminded;
    group.shoppers++;
    if (random.chance(RETURNING + (isHeld ? 0 : REACTING))) group.bought++;
    if (n % LOOK_EVERY > 0) continue;
    const uplift = judgeUplift(reminded, held);
    if (uplift !== null && (uplift.low > REACTING || uplift.high < REACTING)) return false;
  }
  return true;
}

it("covers the true effect at all looks, for at least 90 of 100 seeds", () => {
  const covered = Array.from({ length: SEEDS }, (_, seed) => coversAlways(seed + 1));
  expect(covered.filter(Boolean).length).toBeGreaterThanOrEqual(90);
});
