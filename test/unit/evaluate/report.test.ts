// Reports: whole, self-contained, and safe against what data may contain.
import { describe, expect, it } from "vitest";
import { judgeFolds } from "../../../models/evaluate/binary/cross-validate.ts";
import { judge } from "../../../models/evaluate/judge.ts";
import type { Example } from "../../../models/evaluate/judge.ts";
import { renderBinaryReport } from "../../../models/evaluate/report/binary-report.ts";
import type { NamedValidation } from "../../../models/evaluate/report/binary-report.ts";
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
    curves: [
      {
        name,
        epochs: [
          { epoch: 1, loss: 6, quality: null },
          { epoch: 2, loss: 5, quality: { hr20: 10, mrr20: 4 } },
        ],
      },
    ],
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

describe("binary report", () => {
  const validation = judgeFolds([
    { labels: [1, 0, 1, 0], probabilities: [0.9, 0.2, 0.4, 0.5] },
    { labels: [0, 1, 0], probabilities: [0.1, 0.3, 0.2] },
  ]);
  const render = (models: readonly NamedValidation[], title = "Intent") =>
    renderBinaryReport({
      title,
      facts: [],
      questions: [
        { title, note: "", table: { head: ["model"], rows: [["network"]] }, models },
        { title: "Again", note: "", table: { head: ["model"], rows: [] }, models },
      ],
      losses: [{ name: "network", points: [{ x: 1, y: 0.7 }] }],
    });

  it("shows ROC, precision-recall, reliability and the spread over folds of each question", () => {
    const html = render([{ name: "network", validation }], "Will <it> buy?");
    expect(html.match(/<svg/g)).toHaveLength(2 * (3 + 3) + 1);
    expect(html).toContain("Will &lt;it&gt; buy?");
    expect(html).toContain("0.875 (0.698 to 1.05)");
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
    expect(html).not.toMatch(/<script|<link|<img|https?:|@import|url\(/);
  });

  it("draws the reliability of rare events on logarithmic axes, without what they cannot show", () => {
    const labels = Array.from({ length: 200 }, (_, example) => Number(example % 50 === 0));
    const probabilities = labels.map((label, example) => 0.001 + label / 100 + example / 1e5);
    const rare = judgeFolds([
      { labels, probabilities },
      { labels, probabilities },
    ]);
    const html = render([{ name: "network", validation: rare }]);
    const reliability = html.split("<figure>").find((part) => part.includes("Reliability"));
    expect(reliability).toContain(">0.001<");
    expect(reliability).not.toMatch(/NaN|undefined|Infinity/);
  });
});

it("a long curve is thinned but keeps its ends", () => {
  const points = Array.from({ length: 100_000 }, (_, index) => ({ x: index / 99_999, y: 0.5 }));
  const plot = { caption: "", xLabel: "", yLabel: "", unit: true, series: [{ name: "", points }] };
  const svg = renderLinePlot(plot);
  expect(svg.length).toBeLessThan(20_000);
  expect(svg).toMatch(/d="M52,136L/);
  expect(svg).toMatch(/L504,136"/);
});
