// The HTML of an evaluation of ranking.
import { renderBinaryReport } from "../../../../models/evaluate/report/binary-report.ts";
import type { BinaryQuestion } from "../../../../models/evaluate/report/binary-report.ts";
import type { RankingTask } from "../../../../models/ranking/config.ts";
import { FIGURES, formatSpread } from "./figures.ts";
import type { RankingOutcome, TaskOutcome } from "./tournament.ts";

const QUESTIONS: Record<RankingTask, string> = {
  click: "Click: does this item come next?",
  cart: "Cart: is it put into the cart before the session ends?",
  purchase: "Purchase: is it bought before the session ends?",
};

export function renderRankingReport(
  { tasks, losses }: RankingOutcome,
  facts: readonly (readonly [string, string])[],
): string {
  return renderBinaryReport({
    title: "Ranking evaluation",
    facts,
    questions: tasks.map(describeTask),
    losses: losses.map((fold, index) => ({
      name: `fold ${index + 1}`,
      points: fold.map((loss, epoch) => ({ x: epoch + 1, y: loss })),
    })),
  });
}

function describeTask({ task, judged }: TaskOutcome): BinaryQuestion {
  const { examples, baseRate } = judged[0]?.binary.pooled ?? { examples: 0, baseRate: 0 };
  const share = (100 * baseRate).toPrecision(3);
  const lists =
    task === "click"
      ? "MRR and NDCG are over all lists, in percent; a click that retrieval missed counts as missed."
      : "MRR and NDCG are over the lists that hold such an item, in percent.";
  return {
    title: QUESTIONS[task],
    note: `${share}% of ${examples.toLocaleString("en")} candidates. ${lists} Means over the folds ± standard deviation.`,
    table: {
      head: ["model", ...FIGURES.map(({ label }) => label)],
      rows: judged.map((one) => [one.name, ...FIGURES.map((figure) => formatSpread(figure, one))]),
      highlight: 0,
    },
    // What orders nothing has no curves.
    models: judged
      .filter(({ lists }) => lists !== null)
      .map(({ name, binary }) => ({ name, validation: binary })),
  };
}
