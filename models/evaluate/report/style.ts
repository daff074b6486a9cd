// The look of the reports. Colours are Okabe & Ito's, which colour-blind readers can tell apart, a little brighter in the dark.

export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1d2430; --soft: #5b6675; --page: #f6f7f9; --card: #fff; --rule: #e1e5ea; --best: #e8f3ec;
  --s0: #0072b2; --s1: #d55e00; --s2: #009e73; --s3: #cc79a7;
  --s4: #b58900; --s5: #56b4e9; --s6: #7a5195; --s7: #6b7280;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6e9ee; --soft: #9aa5b4; --page: #12161c; --card: #1a2029; --rule: #2c3541; --best: #1c3227;
    --s0: #4aa8e0; --s1: #f08a3c; --s2: #2fc79b; --s3: #e39cc4;
    --s4: #e0c04a; --s5: #8fd0f5; --s6: #b493d6; --s7: #a3acb9;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 1220px; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { margin: 0 0 .75rem; font-size: 1.7rem; letter-spacing: -.02em; }
h2 { margin: 0 0 .25rem; font-size: 1.15rem; }
p { margin: 0 0 .75rem; color: var(--soft); max-width: 75ch; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 0; font-size: .9rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
section { margin-top: 2.25rem; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; font-variant-numeric: tabular-nums; }
th, td { padding: .5rem .6rem; text-align: right; white-space: nowrap; border-top: 1px solid var(--rule); }
th { border-top: 0; color: var(--soft); font-weight: 600; }
th:first-child, td:first-child { text-align: left; }
tr.best td { background: var(--best); font-weight: 600; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 360px), 1fr)); gap: 1rem; }
.scroll + .figures { margin-top: 1rem; }
figure { margin: 0; padding: 1rem; background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
figcaption { font-weight: 600; font-size: .95rem; margin-bottom: .25rem; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--soft); font-size: 11px; font-variant-numeric: tabular-nums; }
svg .label { font-size: 12px; }
.grid { stroke: var(--rule); } .axis { stroke: var(--soft); }
.line { fill: none; stroke: var(--c); stroke-width: 2; stroke-linejoin: round; }
circle, .bar { fill: var(--c); }
.whisker { stroke: var(--ink); stroke-width: 1.25; fill: none; }
.reference { stroke: var(--soft); stroke-dasharray: 4 4; fill: none; }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: .5rem 0 0; padding: 0; list-style: none; font-size: .85rem; }
.legend i { display: inline-block; width: .7rem; height: .7rem; margin-right: .4rem; border-radius: 3px; background: var(--c); }
${Array.from({ length: 8 }, (_, index) => `.s${index} { --c: var(--s${index}); }`).join("\n")}
@media print { body { background: #fff; } section, figure { break-inside: avoid; } }
`;
