// What retraining was worth: both runs were asked the same questions, so the difference is taken question by question.
import { comparePaired, type Comparison } from "../../../models/evaluate/compare.ts";
import type { DayAnswers } from "./replay-day.ts";

export type Metric = "hr@20" | "mrr@20";

type Answers = Pick<DayAnswers, "shoppers" | "gains">;

/**
 * First minus second in points, with the 95% interval of a bootstrap over shoppers. Throws where the questions were not
 * the same.
 */
export function compareDays(
  first: readonly Answers[],
  second: readonly Answers[],
  metric: Metric,
  seed: number,
): Comparison {
  const shoppers = first.flatMap((day) => day.shoppers);
  const others = second.flatMap((day) => day.shoppers);
  if (shoppers.length !== others.length || shoppers.some((shopper, i) => shopper !== others[i]))
    throw new Error("The runs were not asked the same questions.");
  const numbers = new Map([...new Set(shoppers)].map((shopper, number) => [shopper, number]));
  const groups = shoppers.map((shopper) => numbers.get(shopper) ?? -1);
  return comparePaired(gainsOf(first, metric), gainsOf(second, metric), groups, { seed });
}

function gainsOf(days: readonly Answers[], metric: Metric): Float64Array {
  const gains = days.flatMap((day) => day.gains);
  return Float64Array.from(gains, (gain) => (metric === "hr@20" ? Number(gain > 0) : gain));
}
