// Ways to order, ours and what shops do without one. Each knows the days before a week and nothing after them.
import { average, estimateDemand } from "../../supply/reorder/demand.ts";
import { demandQuantiles, type LeadTime } from "../../supply/reorder/policy.ts";
import { WEEK, type OrderUp } from "./play.ts";

export type Policy = {
  name: string;
  /** From little stock to much: service levels, or days and factors of cover. */
  settings: readonly number[];
  /** @param known sales of all days before */
  order(known: Float32Array, setting: number, lead: LeadTime): OrderUp;
};

const SERVICES = [0.4, 0.5, 0.65, 0.75, 0.85, 0.92, 0.97, 0.99, 0.999];
const FACTORS = [0.5, 0.75, 1, 1.5, 2, 3, 4.5];
const NORMAL = [0, 0.5, 1, 1.5, 2, 2.5, 3.5];
const MONTH = 28;
const QUARTER = 91;

export const POLICIES: readonly Policy[] = [
  {
    name: "Millrace",
    settings: SERVICES,
    order(known, service, lead) {
      const demand = estimateDemand(known);
      const [point = 0] = demandQuantiles(demand, lead.mean + WEEK, [service], lead.spread);
      return { point, upTo: point };
    },
  },
  {
    name: "last 28 days",
    settings: FACTORS,
    order(known, factor, lead) {
      const level = average(known.subarray(-MONTH)) * (lead.mean + WEEK) * factor;
      return { point: level, upTo: level };
    },
  },
  {
    name: "base stock, normal",
    settings: NORMAL,
    order(known, deviations, lead) {
      const quarter = known.subarray(-QUARTER);
      const mean = average(quarter);
      const variance = average(quarter.map((units) => (units - mean) ** 2));
      const days = lead.mean + WEEK;
      const spread = Math.sqrt(variance * days + (mean * lead.spread) ** 2);
      const level = mean * days + deviations * spread;
      return { point: level, upTo: level };
    },
  },
  {
    name: "min and max",
    settings: FACTORS,
    order(known, factor, lead) {
      const mean = average(known.subarray(-QUARTER));
      const point = mean * (lead.mean + WEEK) * factor;
      return { point, upTo: point + mean * WEEK };
    },
  },
];
