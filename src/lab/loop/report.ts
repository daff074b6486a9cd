// The proof of the loop in one page: what each night did, and what it was worth on the next day.
import { renderLinePlot } from "../../../models/evaluate/report/line-plot.ts";
import {
  renderGrid,
  renderPage,
  renderTable,
  type Section,
} from "../../../models/evaluate/report/page.ts";
import type { ReplayedDay } from "./replay-run.ts";
import { compareDays, type Metric } from "./compare-days.ts";

export type LoopReport = {
  file: string;
  /** With a round after each night. */
  retrained: readonly ReplayedDay[];
  /** With the first published pair for good: the days from then on, the others are the same. */
  frozen: readonly ReplayedDay[];
  facts: readonly (readonly [string, string])[];
  seed: number;
};

export function renderLoop(report: LoopReport): string {
  return renderPage({
    title: "The batch loop, night after night",
    facts: [["log", report.file], ...report.facts],
    sections: [
      {
        title: "What shoppers were shown",
        note: "Before each view of a known shopper the Worker was asked for the home page; percent of the views whose item was among the 20 answers. There is no model at first. From the first published pair on there are two Workers with the same state: one learns every night, the other keeps that pair. Both follow the log live.",
        body: renderGrid([plot("hr@20", "HR@20", report), plot("mrr@20", "MRR@20", report)]),
      },
      showWorth(report),
      listDays(report),
      listNights(report.retrained),
      listGates(report.retrained),
    ],
  });
}

function plot(metric: Metric, name: string, { retrained, frozen }: LoopReport) {
  const first = retrained.length - frozen.length;
  const points = (days: readonly ReplayedDay[], read: (day: ReplayedDay) => number, from = 0) =>
    days.map((day, index) => ({ x: from + index + 1, y: read(day) }));
  const served = ({ quality }: ReplayedDay) => quality.recommendations[metric];
  const series = [
    { name: "retrained nightly", points: points(retrained, served) },
    { name: "first pair kept", points: points(frozen, served, first) },
    { name: "popularity", points: points(retrained, ({ quality }) => quality.popularity[metric]) },
  ];
  return renderLinePlot({
    caption: `${name} online, by day`,
    xLabel: "day",
    yLabel: "percent",
    whole: true,
    series: series.filter((one) => one.points.length > 0),
  });
}

/** Over all days on which the runs served different models. */
function showWorth({ retrained, frozen, seed }: LoopReport): Section {
  const pairs = frozen.flatMap((other) => {
    const mine = retrained.find(({ dt }) => dt === other.dt);
    return mine === undefined || mine.nextItem === other.nextItem ? [] : [{ mine, other }];
  });
  const [mine, others] = [pairs.map((pair) => pair.mine), pairs.map((pair) => pair.other)];
  const rows = (["hr@20", "mrr@20"] as const).map((metric) => {
    const { difference, interval, p } = compareDays(mine, others, metric, seed);
    const questions = String(mine.reduce((sum, { gains }) => sum + gains.length, 0));
    const range = `${interval.low.toFixed(2)} to ${interval.high.toFixed(2)}`;
    return [metric.toUpperCase(), questions, difference.toFixed(2), range, p.toFixed(3)];
  });
  return {
    title: "What retraining was worth",
    note: `Retrained minus kept in points, on the same questions of the ${mine.length} days on which other models served; bootstrap over shoppers.`,
    body:
      mine.length === 0
        ? "<p>No such day yet.</p>"
        : renderTable({
            head: ["metric", "questions", "difference", "95% interval", "p"],
            rows,
          }),
  };
}

function listDays({ retrained, frozen }: LoopReport): Section {
  const rows = retrained.map((day) => {
    const other = frozen.find(({ dt }) => dt === day.dt)?.quality.recommendations;
    const { asked, ...mine } = day.quality.recommendations;
    return [
      day.dt,
      String(day.events),
      String(asked),
      `${mine["hr@20"].toFixed(2)} ±${mine["hr@20_ci95"].toFixed(2)}`,
      other?.["hr@20"].toFixed(2) ?? "",
      day.quality.popularity["hr@20"].toFixed(2),
      `${mine["mrr@20"].toFixed(2)} ±${mine["mrr@20_ci95"].toFixed(2)}`,
      other?.["mrr@20"].toFixed(2) ?? "",
      share(day.byModel, asked),
      share(day.byRanking, asked),
      day.nextItem ?? "none",
    ];
  });
  const head = [
    "day",
    "events",
    "asked",
    "HR retrained",
    "HR kept",
    "HR popularity",
    "MRR retrained",
    "MRR kept",
    "next-item model took part",
    "ordered by ranking model",
    "version that served",
  ];
  return { title: "Days", body: renderTable({ head, rows }) };
}

function share(count: number, of: number): string {
  return of === 0 ? "" : `${((100 * count) / of).toFixed(1)}%`;
}

function listNights(days: readonly ReplayedDay[]): Section {
  const rows = days.map(({ dt, night, round, swap, remains }) => {
    const exported = night["export-events"] ?? {};
    const count = (name: string) => String(exported[name] ?? 0);
    const made = round === null || round.kind === "nothing" ? null : round;
    return [
      dt,
      count("rows"),
      count("parts"),
      count("set_aside"),
      String(night["verify-exports"]?.["rows"] ?? 0),
      round?.kind ?? "no round",
      made === null ? "" : `${made.versions.nextItem}, ${made.versions.ranking}`,
      made === null ? "" : `${made.seconds.toFixed(0)} s`,
      swap === null ? "" : `${swap.seconds.toFixed(1)} s`,
      swap === null ? "" : `${swap.asked}, ${swap.withoutRanking}, ${swap.withoutModel}`,
      remains === null ? "" : `${remains.rows} rows${remains.told ? ", still told" : ""}`,
    ];
  });
  const head = [
    "after",
    "rows exported",
    "files",
    "set aside",
    "rows verified",
    "round",
    "versions",
    "training",
    "served after",
    "asked meanwhile, without ranking, without model",
    "left of the erased shopper",
  ];
  return {
    title: "Nights",
    note: "In the run that learns. No Worker was restarted for a new version. One shopper was chosen beforehand and erased in the middle of the loop, right after a round that had still learned from it; what is left is counted in the trainer's copy of the export, which is all that rounds learn from.",
    body: renderTable({ head, rows }),
  };
}

function listGates(days: readonly ReplayedDay[]): Section {
  const rows = days.flatMap(({ dt, round }) =>
    round === null || round.kind === "nothing"
      ? []
      : round.checks.map(({ name, passed, detail }) => [dt, name, passed ? "yes" : "no", detail]),
  );
  return { title: "Gates", body: renderTable({ head: ["after", "gate", "passed", "why"], rows }) };
}
