// What is shown of a history before it is sent: what each column is taken for, and the first rows as they were understood.
import type { History } from "../history/open-history.ts";
import type { Survey } from "./survey.ts";

const WIDTH = 24;

export function describeHistory(history: History, survey: Survey): string {
  return [
    `${history.name}: ${survey.events} events, ${survey.silent} rows that tell nothing of shopping, ` +
      `${survey.bad.length} bad rows${survey.inOrder ? "" : "; not in the order of time, so it is sorted first"}`,
    ...describeColumns(history),
    "",
    ...drawRows(survey),
  ].join("\n");
}

function describeColumns({ mapping, columns }: History): string[] {
  if (mapping === null) return [];
  const said = [
    ...Object.entries(mapping.columns).map(([field, column]) => `${field}=${column}`),
    ...Object.entries(mapping.constants).map(([field, word]) => `${field}=${word} (always)`),
  ];
  const known = new Set(Object.values(mapping.columns));
  const unused = columns.filter((column) => !known.has(column));
  return [
    `taken as: ${said.join(", ")}`,
    ...(unused.length === 0 ? [] : [`not used: ${unused.join(", ")}`]),
  ];
}

function drawRows({ preview }: Survey): string[] {
  const rows = preview.map(({ line, event }) => [
    String(line),
    new Date(event.timestamp).toISOString(),
    event.name,
    event.user_id ?? event.anonymous_id ?? "",
    (event.items ?? []).map(drawItem).join(" "),
    event.transaction_id ?? "",
  ]);
  const table = [["line", "time", "event", "shopper", "items", "order"], ...rows].map((row) =>
    row.map((cell) => (cell.length > WIDTH ? `${cell.slice(0, WIDTH - 1)}…` : cell)),
  );
  const widths = (table[0] ?? []).map((_, i) =>
    Math.max(...table.map((row) => (row[i] ?? "").length)),
  );
  return table.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

function drawItem({
  item_id,
  quantity,
  price,
}: {
  item_id: string;
  quantity?: number;
  price?: number;
}): string {
  const pieces = quantity === undefined ? "" : `${quantity}x`;
  return `${pieces}${item_id}${price === undefined ? "" : `@${price}`}`;
}
