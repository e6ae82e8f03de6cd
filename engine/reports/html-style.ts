/** Light or dark as the reader has it, light on paper. Colours as in renderer/design/tokens.css. */
export const htmlStyle = `
:root{color-scheme:light dark;--bg:#fbfbfa;--fg:#1b1f24;--dim:#5b6470;--line:#d9dce0;--head:#f0f1f2;--mean:#0b6bcb;--max:#8fb9e6}
@media (prefers-color-scheme:dark){:root{--bg:#14171b;--fg:#e8eaed;--dim:#a0a8b3;--line:#343a42;--head:#1e2329;--mean:#6db3f8;--max:#33597f}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1.5rem 4rem}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 1.5rem}
h2{font-size:1.3rem;margin:2.5rem 0 .75rem;padding-bottom:.3rem;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
h3{font-size:1rem;margin:1.5rem 0 .5rem}
p{margin:.4rem 0 .8rem;max-width:48rem;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1.25rem;margin:.4rem 0 1rem}
dt{color:var(--dim)}
dd{margin:0;font-variant-numeric:tabular-nums;overflow-wrap:anywhere;min-width:0}
.wide{overflow-x:auto;margin:.4rem 0 1rem}
table{border-collapse:collapse;width:100%;font-size:.86rem;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
th{background:var(--head);font-weight:600}
td{overflow-wrap:break-word}
.num{text-align:right;white-space:nowrap}
pre{background:var(--head);border:1px solid var(--line);border-radius:6px;padding:.7rem .9rem;font:.82rem/1.45 ui-monospace,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
figure{margin:1rem 0}
figcaption{color:var(--dim);font-size:.86rem}
svg{display:block;width:100%;height:auto}
svg text{fill:var(--dim);font:11px system-ui,sans-serif}
.end{text-anchor:end}.centre{text-anchor:middle}.mid{dominant-baseline:middle}
.grid{stroke:var(--line);fill:none}
.mean{stroke:var(--mean);fill:none;stroke-width:1.6}
.max{stroke:var(--max);fill:none}
.bar{fill:var(--mean)}
.mean-key{color:var(--mean);font-weight:600}.max-key{text-decoration:underline;text-decoration-color:var(--max);text-decoration-thickness:2px}
@media (max-width:40rem){dl{grid-template-columns:1fr}dt{margin-top:.4rem}}
@page{size:A4;margin:16mm 14mm}
@media print{
:root{--bg:#fff;--fg:#000;--dim:#444;--line:#bbb;--head:#f2f2f2;--mean:#0b5cad;--max:#8fb9e6}
body{font-size:10pt}main{max-width:none;padding:0}
section.level2,figure,tr{break-inside:avoid}h2,h3{break-after:avoid}
.wide{overflow:visible}table{font-size:7.5pt}th,td{padding:.2rem .35rem}td,.num{white-space:normal;overflow-wrap:normal}td:first-child{overflow-wrap:anywhere;min-width:5rem}thead{display:table-header-group}
*{print-color-adjust:exact}}
`;
