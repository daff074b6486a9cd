// Which figures of a contender are told, and how they are written: one list for the terminal, the JSON and the report.
import type { Spread } from "../../../../models/evaluate/binary/spread.ts";
import type { Judged } from "./tournament.ts";

export type Figure = {
  /** In the JSON. */
  name: string;
  label: string;
  digits: number;
  /** Null where the contender has none. */
  read: (judged: Judged) => Spread | null;
};

export const FIGURES: readonly Figure[] = [
  { name: "auc", label: "AUC", digits: 4, read: ({ binary }) => binary.auc },
  {
    name: "average_precision",
    label: "average precision",
    digits: 4,
    read: ({ binary }) => binary.averagePrecision,
  },
  { name: "log_loss", label: "log loss", digits: 5, read: ({ binary }) => binary.logLoss },
  { name: "brier", label: "Brier", digits: 5, read: ({ binary }) => binary.brier },
  { name: "ece", label: "ECE", digits: 5, read: ({ binary }) => binary.ece },
  {
    name: "mrr@20",
    label: "MRR@20",
    digits: 2,
    read: ({ lists }) => lists?.["mrr@20"] ?? null,
  },
  {
    name: "ndcg@20",
    label: "NDCG@20",
    digits: 2,
    read: ({ lists }) => lists?.["ndcg@20"] ?? null,
  },
];

export function formatSpread({ digits, read }: Figure, judged: Judged): string {
  const spread = read(judged);
  if (spread === null) return "-";
  return `${spread.mean.toFixed(digits)} ±${spread.deviation.toFixed(digits)}`;
}
