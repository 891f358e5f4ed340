/** Light and dark, with a contrast of at least 4.5 for texts and 3 for bars. */
export const styles = `
:root { color-scheme: light dark; --page: #fff; --text: #1b1f24; --faint: #59636e; --rule: #d5dae0; --band: #f5f7f9;
  --unknown: #c4162a; --drift: #8250df; --refused: #a3206f; --overdue: #bc4c00; --max-age: #8a6100; --due-soon: #0b7285; --well: #2f6fbd; }
@media (prefers-color-scheme: dark) {
  :root { --page: #0f1318; --text: #e6eaef; --faint: #9aa5b1; --rule: #30363d; --band: #181e25;
    --unknown: #ff7b72; --drift: #c297ff; --refused: #ff8ac4; --overdue: #ffa657; --max-age: #d9b54a; --due-soon: #4fc3d5; --well: #6ea8e8; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.45 system-ui, sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 24px 16px; }
h1 { font-size: 1.5rem; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 28px 0 4px; }
p { margin: 4px 0; }
.summary { font-size: 1.1rem; }
.advice, footer { color: var(--faint); }
footer { margin-top: 24px; font-size: 0.85rem; }
code { font-family: ui-monospace, monospace; font-size: 0.92em; }
.scroll { overflow-x: auto; }
.unknown { --kind: var(--unknown); } .drift { --kind: var(--drift); } .refused { --kind: var(--refused); }
.overdue { --kind: var(--overdue); }
.max-age { --kind: var(--max-age); } .due-soon { --kind: var(--due-soon); } .well { --kind: var(--well); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 8px 0; padding: 0; list-style: none; font-size: 0.9rem; }
.legend li::before { content: ""; display: inline-block; width: 18px; height: 10px; margin-right: 6px; background: var(--kind); }
svg { display: block; font: 12px system-ui, sans-serif; }
svg text { fill: var(--text); }
svg .tick { fill: var(--faint); font-size: 11px; }
svg .grid { stroke: var(--rule); }
svg .today { stroke: var(--text); }
svg rect { fill: var(--kind); }
svg .cut { stroke: var(--page); stroke-width: 2.5; }
svg .due { fill: var(--page); stroke: var(--kind); stroke-width: 2; }
svg .remark { fill: var(--kind); }
svg .well .remark { fill: var(--faint); }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th, td { padding: 5px 10px; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; }
thead th { color: var(--faint); font-weight: 600; white-space: nowrap; }
tbody th { min-width: 180px; font-weight: 500; overflow-wrap: anywhere; }
tbody tr:nth-child(even) { background: var(--band); }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
td.date { white-space: nowrap; }
td.request { font-family: ui-monospace, monospace; font-size: 0.82em; overflow-wrap: anywhere; min-width: 150px; }
.status { font-weight: 600; }
.unknown .status, .drift .status, td small { color: var(--kind); }
.drift td small { color: var(--faint); }
`;
