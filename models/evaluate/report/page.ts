// The page around plots and tables: one file, no script, nothing loaded from elsewhere.
import { escapeText } from "./markup.ts";
import { STYLE } from "./style.ts";

export type Table = {
  head: readonly string[];
  rows: readonly (readonly string[])[];
  /** The row to stand out, from 0. */
  highlight?: number;
};

export type Section = { title: string; note?: string; body: string };

export type Page = {
  title: string;
  /** What was run, on what: one line each. */
  facts: readonly (readonly [string, string])[];
  sections: readonly Section[];
};

export function renderTable({ head, rows, highlight }: Table): string {
  const cells = (row: readonly string[], tag: string): string =>
    row.map((cell) => `<${tag}>${escapeText(cell)}</${tag}>`).join("");
  const body = rows.map(
    (row, index) => `<tr${index === highlight ? ' class="best"' : ""}>${cells(row, "td")}</tr>`,
  );
  return `<div class="scroll"><table><thead><tr>${cells(head, "th")}</tr></thead><tbody>${body.join("\n")}</tbody></table></div>`;
}

export function renderPage(page: Page): string {
  const facts = page.facts.map(
    ([name, value]) => `<dt>${escapeText(name)}</dt><dd>${escapeText(value)}</dd>`,
  );
  const sections = page.sections.map(
    ({ title, note, body }) =>
      `<section><h2>${escapeText(title)}</h2>${note ? `<p>${escapeText(note)}</p>` : ""}${body}</section>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeText(page.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>${escapeText(page.title)}</h1><dl>${facts.join("")}</dl></header>
<main>${sections.join("\n")}</main>
</body>
</html>
`;
}

/** Plots side by side where the window is wide enough. */
export function renderGrid(figures: readonly string[]): string {
  return `<div class="figures">${figures.join("\n")}</div>`;
}
