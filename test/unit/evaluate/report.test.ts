// Reports: whole, self-contained, and safe against what data may contain.
import { describe, expect, it } from "vitest";
import { evaluateBinary } from "../../../models/evaluate/binary/evaluate-binary.ts";
import { judge } from "../../../models/evaluate/judge.ts";
import type { Example } from "../../../models/evaluate/judge.ts";
import { renderBinaryReport } from "../../../models/evaluate/report/binary-report.ts";
import { renderLinePlot } from "../../../models/evaluate/report/line-plot.ts";
import { renderNextItemReport } from "../../../models/evaluate/report/next-item-report.ts";
import type { Scorer } from "../../../models/evaluate/scorer.ts";
import { summarise } from "../../../models/evaluate/summary.ts";

const examples: Example[] = [1, 2, 3].map((length, group) => ({
  context: Array<number>(length).fill(0),
  target: group,
  group,
}));

async function renderExample(name: string): Promise<string> {
  const scorer: Scorer = {
    name,
    score: (contexts) => Promise.resolve(contexts.map(() => Float32Array.of(3, 2, 1))),
  };
  const judgement = await judge(scorer, examples);
  return renderNextItemReport({
    title: "Next <item>",
    facts: [["train", "a&b.txt"]],
    summaries: [summarise(judgement, examples, Int32Array.of(5, 3, 1), 1)],
    trainSeconds: new Map([[name, 12.34]]),
    comparisons: [],
    curves: [{ name, epochs: [{ epoch: 1, loss: 5, hr20: 10, mrr20: 4 }] }],
  });
}

describe("next-item report", () => {
  it("loads nothing from elsewhere and leaves no number undefined", async () => {
    const html = await renderExample("hstu");
    expect(html).not.toMatch(/<script|<link|<img|https?:|@import|url\(/);
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
    expect(html).toContain("prefers-color-scheme: dark");
  });

  it("shows figures, slices and learning curves", async () => {
    const html = await renderExample("hstu");
    expect(html.match(/<svg/g)).toHaveLength(3 + 2 + 3);
    expect(html).toContain("<td>100.00</td>");
    expect(html).toContain("<td>12.3</td>");
  });

  it("escapes names and paths", async () => {
    const html = await renderExample('<b onclick="x">');
    expect(html).not.toContain("<b onclick");
    expect(html).toContain("a&amp;b.txt");
    expect(html).toContain("<title>Next &lt;item&gt;</title>");
  });
});

it("binary report shows ROC, precision-recall, reliability, folds and loss", () => {
  const evaluation = evaluateBinary([1, 0, 1, 0], [0.9, 0.2, 0.4, 0.5]);
  const html = renderBinaryReport({
    title: "Intent",
    facts: [],
    models: [{ name: "network", evaluation }],
    folds: [
      {
        name: "network",
        folds: [
          { auc: 0.7, logLoss: 0.5 },
          { auc: 0.8, logLoss: 0.4 },
        ],
      },
    ],
    losses: [{ name: "network", points: [{ x: 1, y: 0.7 }] }],
  });
  expect(html.match(/<svg/g)).toHaveLength(3 + 2 + 1);
  expect(html).toContain("<td>0.7500</td>");
  expect(html).not.toMatch(/NaN|undefined/);
});

it("a long curve is thinned but keeps its ends", () => {
  const points = Array.from({ length: 100_000 }, (_, place) => ({ x: place / 99_999, y: 0.5 }));
  const plot = { caption: "", xLabel: "", yLabel: "", unit: true, series: [{ name: "", points }] };
  const svg = renderLinePlot(plot);
  expect(svg.length).toBeLessThan(20_000);
  expect(svg).toMatch(/d="M52,136L/);
  expect(svg).toMatch(/L504,136"/);
});
