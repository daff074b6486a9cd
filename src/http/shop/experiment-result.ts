// What an experiment says so far, as the API shows it.
import * as z from "zod";
import type { Experiment } from "../../recommend/experiment/contract.ts";
import { judgeInterleaving, judgeSplit } from "../../recommend/experiment/judge.ts";
import type { VariantSample } from "../../recommend/experiment/judge.ts";
import type { AttributionQuery } from "../../log/outcomes/attribution.ts";
import {
  readInterleavedOutcome,
  readSplitOutcome,
} from "../../log/outcomes/experiment-outcomes.ts";
import type { VariantOutcome } from "../../log/outcomes/experiment-outcomes.ts";
import { readShadowOutcome } from "../../log/outcomes/shadow-outcome.ts";
import type { ShadowOutcome } from "../../log/outcomes/shadow-outcome.ts";
import { readSettings } from "../../shop/settings.ts";
import { Amount, toDecimal } from "../../shop/units.ts";
import { Currency } from "./shopper-schema.ts";
import { nullable } from "../docs/nullable.ts";

const Difference = z
  .object({
    estimate: z.number(),
    low: z.number(),
    high: z.number(),
    p: z.number().describe("Always valid: it may be looked at as often as one likes."),
  })
  .meta({ id: "Difference" });

const perMetric = <T extends z.ZodType, A extends z.ZodType>(schema: T, money: A) =>
  z.object({ click: schema, conversion: schema, revenue: money });

const Conclusion = z.enum([
  "too_early",
  "no_difference_yet",
  "better",
  "worse",
  "sample_ratio_mismatch",
]);

const Split = z.object({
  kind: z.literal("split"),
  currency: Currency.describe("Of all that is told of `revenue`."),
  variants: z.array(
    z.object({
      variant: z.string(),
      shoppers: z.int(),
      means: perMetric(z.number(), Amount).describe(
        "A shopper: share with a click, with an order; money.",
      ),
      differences: perMetric(nullable(Difference), nullable(Difference)).describe(
        "To the first variant.",
      ),
    }),
  ),
  sample_ratio: z.object({
    p: z.number(),
    mismatch: z.boolean().describe("Shares are not as planned: do not trust the rest."),
  }),
  crossed: z.int().describe("Shoppers who saw several variants; left out."),
  verdict: Conclusion,
});

const Interleaving = z.object({
  kind: z.literal("interleaving"),
  shoppers: z.int(),
  wins: z.object({ control: z.int(), other: z.int() }),
  preference: nullable(Difference).describe("-1: all prefer the first ranking, 1: the second."),
  p: z.number(),
  verdict: Conclusion,
});

const sides = (what: string) =>
  z.object({ champion: z.number(), challenger: z.number() }).describe(what);

const Shadow = z.object({
  kind: z.literal("shadow"),
  lists: z.int().describe("Lists that the challenger has worked out beside the answers."),
  failed: z.int().describe("Of those, how many it could not answer as it should."),
  overlap: z
    .number()
    .describe("Share of the shown items that the challenger has in as long a list."),
  same_first: z.number().describe("Share of lists with the same first item."),
  clicks: z.int().describe("Shown items that were clicked within the window."),
  higher: z.int().describe("Of those, how many the challenger has higher up."),
  lower: z.int().describe("And lower down, or not among its first hundred."),
  reciprocal_rank: sides(
    "Mean over the clicks. What was shown is favoured: only that can be clicked.",
  ),
  next_views: z
    .int()
    .describe("Lists after which the shopper looked at an item within the window."),
  hit_rate: sides("Share of those whose next item is on the list; the same favour holds."),
});

export const ExperimentResult = z
  .discriminatedUnion("kind", [Split, Interleaving, Shadow])
  .meta({ id: "ExperimentResult" });

export async function readResult(
  env: Env,
  experiment: Experiment,
  query: AttributionQuery,
): Promise<z.infer<typeof ExperimentResult>> {
  const { experiment_id, kind, metric, variants } = experiment;
  if (kind === "interleaving") {
    const [control, other] = variants.map(({ name }) => name);
    const names = { control: control ?? "", other: other ?? "" };
    const wins = await readInterleavedOutcome(env.DB, experiment_id, names, metric, query);
    return judgeInterleaving(experiment, wins);
  }
  if (kind === "shadow")
    return presentShadow(await readShadowOutcome(env.DB, experiment_id, query));
  const { currency, scale } = readSettings(env).money;
  const outcome = await readSplitOutcome(env.DB, experiment_id, query);
  const samples = outcome.variants.map((each) => toSample(each, scale));
  return { ...judgeSplit(experiment, samples), crossed: outcome.crossed, currency };
}

function presentShadow(outcome: ShadowOutcome): z.infer<typeof Shadow> {
  const { lists, failed, clicks, higher, lower, next: next_views } = outcome;
  const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
  return {
    kind: "shadow",
    lists,
    failed,
    overlap: share(outcome.shared, outcome.shown),
    same_first: share(outcome.same_first, outcome.compared),
    clicks,
    higher,
    lower,
    reciprocal_rank: {
      champion: share(outcome.champion_reciprocal, clicks),
      challenger: share(outcome.challenger_reciprocal, clicks),
    },
    next_views,
    hit_rate: {
      champion: share(outcome.champion_hits, next_views),
      challenger: share(outcome.challenger_hits, next_views),
    },
  };
}

/** A share is the mean of zeros and ones, whose squares are themselves. */
function toSample(outcome: VariantOutcome, scale: number): VariantSample {
  const { variant, shoppers: n, clicked, converted, revenue, revenue_squared } = outcome;
  return {
    variant,
    shoppers: n,
    click: { n, sum: clicked, squares: clicked },
    conversion: { n, sum: converted, squares: converted },
    revenue: {
      n,
      sum: toDecimal(revenue, scale),
      squares: toDecimal(revenue_squared, scale * scale),
    },
  };
}
