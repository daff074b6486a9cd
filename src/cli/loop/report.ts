// The proof of the loop in one page: what each night did, and what it was worth on the next day.
import { renderLinePlot } from "../../../models/evaluate/report/line-plot.ts";
import {
  renderGrid,
  renderPage,
  renderTable,
  type Section,
} from "../../../models/evaluate/report/page.ts";
import type { ArmDay } from "./arm.ts";

export type LoopReport = {
  file: string;
  /** With a round after each night, and with the first night's model for good. */
  retrained: readonly ArmDay[];
  frozen: readonly ArmDay[];
  facts: readonly (readonly [string, string])[];
};

type Metric = "hr@20" | "mrr@20";

export function renderLoop({ file, retrained, frozen, facts }: LoopReport): string {
  return renderPage({
    title: "The batch loop, night after night",
    facts: [["log", file], ...facts],
    sections: [
      {
        title: "What shoppers were shown",
        note: "Before each view of a known shopper the Worker was asked what comes next; percent of the views whose item was among the 20 answers. Both arms start without a model; one learns every night, the other keeps the first version that passes the gate.",
        body: renderGrid([
          plot("hr@20", "HR@20", retrained, frozen),
          plot("mrr@20", "MRR@20", retrained, frozen),
        ]),
      },
      listDays(retrained, frozen),
      listNights(retrained),
      listGates(retrained),
    ],
  });
}

function plot(
  metric: Metric,
  name: string,
  retrained: readonly ArmDay[],
  frozen: readonly ArmDay[],
) {
  const points = (days: readonly ArmDay[], read: (day: ArmDay) => number) =>
    days.map((day, place) => ({ x: place + 1, y: read(day) }));
  const served = ({ quality }: ArmDay) => quality.recommendations[metric];
  return renderLinePlot({
    caption: `${name} online, by day`,
    xLabel: "day",
    yLabel: "percent",
    whole: true,
    series: [
      { name: "retrained nightly", points: points(retrained, served) },
      { name: "first model kept", points: points(frozen, served) },
      {
        name: "popularity",
        points: points(retrained, ({ quality }) => quality.popularity[metric]),
      },
    ],
  });
}

function listDays(retrained: readonly ArmDay[], frozen: readonly ArmDay[]): Section {
  const rows = retrained.map((day, place) => {
    const other = frozen[place]?.quality.recommendations;
    const { asked, ...mine } = day.quality.recommendations;
    return [
      day.dt,
      String(day.events),
      String(asked),
      mine["hr@20"].toFixed(2),
      other?.["hr@20"].toFixed(2) ?? "",
      day.quality.popularity["hr@20"].toFixed(2),
      mine["mrr@20"].toFixed(2),
      other?.["mrr@20"].toFixed(2) ?? "",
      day.version ?? "none",
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
    "version",
  ];
  return { title: "Days", body: renderTable({ head, rows }) };
}

function listNights(days: readonly ArmDay[]): Section {
  const rows = days.map(({ dt, exported, round, swapSeconds }) => [
    dt,
    String(exported["rows"] ?? 0),
    String(exported["parts"] ?? 0),
    String(exported["set_aside"] ?? 0),
    round?.kind ?? "no round",
    round === null || round.kind === "nothing" ? "" : round.version,
    swapSeconds === null ? "" : `${swapSeconds.toFixed(0)} s`,
  ]);
  const head = ["after", "rows exported", "files", "set aside", "round", "version", "served after"];
  return { title: "Nights", note: "In the arm that learns.", body: renderTable({ head, rows }) };
}

function listGates(days: readonly ArmDay[]): Section {
  const rows = days.flatMap(({ dt, round }) =>
    round === null || round.kind === "nothing"
      ? []
      : round.checks.map(({ name, passed, detail }) => [dt, name, passed ? "yes" : "no", detail]),
  );
  return { title: "Gates", body: renderTable({ head: ["after", "gate", "passed", "why"], rows }) };
}
