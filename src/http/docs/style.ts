// How the docs page looks.

export const STYLE = `
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #0b7285; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 0; display: grid; grid-template-columns: 17rem minmax(0, 60rem); gap: 2rem; }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1rem; box-sizing: border-box; border-right: 1px solid var(--line); }
nav a { display: block; color: inherit; text-decoration: none; font-size: 13px; padding: 2px 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
nav h2 { font-size: 12px; text-transform: uppercase; letter-spacing: .06em; margin: 1rem 0 .2rem; opacity: .7; }
main { padding: 1rem 1rem 6rem 0; }
article { border-top: 1px solid var(--line); padding: 1.2rem 0; }
h3 { margin: 0 0 .3rem; font-size: 1.05rem; }
code, pre, textarea, input { font: 13px/1.45 ui-monospace, monospace; }
.method { display: inline-block; min-width: 3.6em; color: var(--accent); font-weight: 700; }
.key { float: right; font-size: 12px; border: 1px solid var(--line); border-radius: 1em; padding: 0 .7em; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-size: 13px; }
td, th { text-align: left; vertical-align: top; padding: 3px 8px 3px 0; border-bottom: 1px solid var(--line); }
summary { cursor: pointer; margin: .4rem 0; }
form { background: var(--soft); padding: .8rem; border-radius: 6px; display: grid; gap: .5rem; }
label { display: grid; grid-template-columns: 9rem 1fr; gap: .5rem; align-items: center; }
input, textarea { width: 100%; box-sizing: border-box; padding: 4px 6px; border: 1px solid var(--line); border-radius: 4px; background: Canvas; color: CanvasText; }
textarea { min-height: 9rem; }
button { justify-self: start; padding: 4px 14px; }
pre { overflow: auto; max-height: 26rem; background: var(--soft); padding: .8rem; border-radius: 6px; margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
pre:empty { display: none; }
.required::after { content: " *"; color: #c92a2a; }
@media (max-width: 60rem) { body { display: block; } nav { position: static; height: auto; } main { padding: 1rem; } }
`;
