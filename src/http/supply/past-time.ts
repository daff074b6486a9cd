// When something happened that is told now.
import { Time } from "../../shop/units.ts";

/** Clocks of two machines differ by so much, ms. */
const AHEAD = 60_000;

/** What is still to come would count on top of every later stock-take until then. */
export const PastTime = Time.refine((iso) => Date.parse(iso) <= Date.now() + AHEAD, {
  message: "is in the future",
});
