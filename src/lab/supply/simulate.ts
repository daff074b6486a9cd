// All policies over a shop's history: fill rate against stock held and its money.
import { Random } from "../simulate/random.ts";
import { rowOf, soldItems, type Panel } from "../../../models/demand/data/panel.ts";
import type { LeadTime } from "../../supply/reorder/policy.ts";
import { play, WEEK, type OrderUp } from "./play.ts";
import { POLICIES, type Policy } from "./policies.ts";

/** Lead times that an item's orders draw from, one after the other. */
const DRAWS = 64;

export type Point = {
  setting: number;
  /** Share of the pieces asked for that were there. */
  fill_rate: number;
  /** At the end of an average day: pieces, and their price in the shop's currency. */
  pieces: number;
  money: number;
  orders: number;
};

export type Curve = { policy: string; points: Point[] };

export type Played = { items: number; days: number; curves: Curve[] };

/** @param weeks played, the last of the panel; what is before is known from the start */
export function simulateSupply(
  panel: Panel,
  { weeks, lead, seed }: { weeks: number; lead: LeadTime; seed: number },
  tell: (done: number, of: number) => void,
): Played {
  const days = weeks * WEEK;
  const start = panel.days - days;
  const items = soldItems(panel, start);
  if (start <= 0 || items.length === 0) throw new Error("The history is too short to play.");
  const curves: Curve[] = [];
  const total = POLICIES.reduce((sum, { settings }) => sum + settings.length, 0);
  for (const policy of POLICIES) {
    const points: Point[] = [];
    for (const setting of policy.settings) {
      points.push(playAll(panel, items, start, { policy, setting, lead, seed }));
      tell(
        curves.reduce((sum, curve) => sum + curve.points.length, points.length),
        total,
      );
    }
    curves.push({ policy: policy.name, points });
  }
  return { items: items.length, days, curves };
}

type Play = { policy: Policy; setting: number; lead: LeadTime; seed: number };

function playAll(
  panel: Panel,
  items: readonly number[],
  start: number,
  { policy, setting, lead, seed }: Play,
): Point {
  let asked = 0;
  let sold = 0;
  let held = 0;
  let money = 0;
  let orders = 0;
  for (const item of items) {
    const random = new Random(seed * 100_003 + item);
    const leads = Array.from({ length: DRAWS }, () => drawLead(random, lead));
    const weeks = new Map<number, OrderUp>();
    const played = play(
      rowOf(panel, item, start, panel.days),
      (week) => {
        const before = weeks.get(week);
        const level =
          before ?? policy.order(rowOf(panel, item, 0, start + week * WEEK), setting, lead);
        weeks.set(week, level);
        return level;
      },
      leads,
    );
    asked += played.asked;
    sold += played.sold;
    held += played.held / played.days;
    money += (played.held / played.days) * (panel.prices[item] ?? 0);
    orders += played.orders;
  }
  return { setting, fill_rate: sold / asked, pieces: held, money, orders };
}

/** A normal draw, by twelve uniform ones, of at least a day. */
function drawLead(random: Random, { mean, spread }: LeadTime): number {
  const normal = Array.from({ length: 12 }, () => random.next()).reduce((a, b) => a + b, -6);
  return Math.max(1, Math.round(mean + spread * normal));
}

/** Stock of a curve where it has this fill rate, between its points; null outside of them. */
export function stockAt(
  { points }: Curve,
  fill_rate: number,
  what: "pieces" | "money",
): number | null {
  const sorted = points.toSorted((a, b) => a.fill_rate - b.fill_rate);
  for (const [index, right] of sorted.entries()) {
    const left = sorted[index - 1];
    if (left === undefined || right.fill_rate < fill_rate || left.fill_rate > fill_rate) continue;
    const share = (fill_rate - left.fill_rate) / Math.max(1e-12, right.fill_rate - left.fill_rate);
    return left[what] + share * (right[what] - left[what]);
  }
  return null;
}
