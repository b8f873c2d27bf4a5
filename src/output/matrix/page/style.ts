import { CHART_CSS } from '../../html/interval-charts.ts';
import { MARKDOWN_CSS } from '../../html/markdown.ts';

/** Width of the column with the cases. */
const CASE_COLUMN = '15rem';

/**
 * Returns the style of a page. The whole page scrolls, so that the head of the lanes stays at its top and the cases at its left
 * edge; what is not about lanes stays within the window. On a narrow screen, the cells of a case are below each other.
 */
export function pageCss(lanes: number): string {
  const hidden = Array.from({ length: lanes }, (_, lane) => `.hide-${lane} [data-lane="${lane}"]`).join(',');
  return `${MARKDOWN_CSS}${CHART_CSS}
:root{--lanes:${lanes};--head:6rem;--good:#1a7f37;--bad:#cf222e;--added:#dafbe1;--removed:#ffebe9;--raised:#f6f8fa}
@media (prefers-color-scheme:dark){:root{--good:#3fb950;--bad:#f85149;--added:#12361f;--removed:#4b1a1c;--raised:#151b23}}
body{max-width:none;padding:1.25rem}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
[hidden]{display:none!important}${hidden}{display:none!important}
:focus-visible{outline:2px solid var(--fill);outline-offset:2px}
.inside{position:sticky;left:1.25rem;max-width:calc(100vw - 2.5rem)}
.notes{margin:.5rem 0;padding-left:1.2rem}.good{color:var(--good)}.bad{color:var(--bad)}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:1.5rem 2.5rem;margin:1rem 0 1.5rem}
figure{margin:0;max-width:32rem}figcaption{font-weight:600;margin-bottom:.5rem}figcaption .dim{font-weight:400}small{font-size:.87em}.figures small{color:var(--soft)}
.figures th[scope=row]{color:inherit;font-weight:600;white-space:normal;overflow-wrap:anywhere;min-width:14rem}
.tools{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:end;margin:.75rem 0}
.tools label,.tools .field{display:flex;flex-direction:column;gap:.15rem;font-size:.85em;color:var(--soft)}.tools .check{flex-direction:row;align-items:center;gap:.35rem;padding-bottom:.35rem}
.tools .search{flex:1 1 14rem;max-width:28rem}
input[type=search],select,button{font:inherit;color:var(--text);background:var(--back);border:1px solid var(--line);border-radius:5px;padding:.25rem .5rem}
select{max-width:14rem}.tools button{padding-bottom:.3rem}.tools input,.tools select,.tools button{font-size:14px}button{cursor:pointer}button:hover{border-color:var(--soft)}
fieldset{min-width:0;border:1px solid var(--line);border-radius:5px;margin:.5rem 0;padding:.4rem .75rem;display:flex;flex-wrap:wrap;gap:.3rem 1.25rem}
fieldset label{display:flex;gap:.35rem;align-items:baseline;overflow-wrap:anywhere}legend{color:var(--soft);font-size:.85em}
#count{display:block;min-height:1.5em;color:var(--soft)}
kbd{font:.85em ui-monospace,monospace;border:1px solid var(--line);border-radius:3px;padding:0 .3em}
#answers{min-width:calc(${CASE_COLUMN} + var(--lanes)*17rem)}
.heads,.line{display:grid;grid-template-columns:${CASE_COLUMN} repeat(var(--lanes),minmax(0,1fr))}
.heads{position:sticky;top:0;z-index:2;background:var(--raised);border:1px solid var(--line);border-radius:5px 5px 0 0}
.heads>div{padding:.4rem .6rem;overflow-wrap:anywhere;min-width:0}.heads p{font-size:.85em;margin:0}.heads strong,.heads p{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:3;overflow:hidden}.heads strong{line-height:1.3}
.heads .corner{position:sticky;left:0;background:inherit}
article{content-visibility:auto;contain-intrinsic-size:auto 16rem;scroll-margin-top:var(--head);border:1px solid var(--line);border-top:0}
article:not(:has(table)){min-height:16rem;padding:.6rem}article h3{font-size:1rem;margin:0;overflow-wrap:anywhere}
article>table,article>table>tbody{display:block;width:100%}.line>*{display:block;min-width:0;padding:.6rem;border-bottom:0;font-size:1em;white-space:normal}
.line>th{position:sticky;left:0;background:var(--back);color:var(--text);font-weight:400;overflow-wrap:anywhere;z-index:1}
.line>td{border-left:1px solid var(--line);overflow-wrap:anywhere;scroll-margin:var(--head) 0 0 ${CASE_COLUMN}}.line>td:focus{outline:2px solid var(--fill);outline-offset:-2px}
.stay{position:sticky;top:calc(var(--head) + .6rem);max-height:calc(100vh - var(--head) - 1.2rem);overflow:auto}.line .lane{display:none;font-weight:600}.state{font-weight:600}.state.dim{font-weight:400}
.text{white-space:pre-wrap;overflow-wrap:anywhere}.reason{margin:.3rem 0;padding-left:.6rem;border-left:3px solid var(--bad);font-size:.93em;max-height:16rem;overflow:auto}
.label{font-weight:600}.start{margin:.4rem 0;color:var(--soft);display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:6;overflow:hidden}
.answer{margin:.5rem 0}.answer .md>:first-child{margin-top:0}.answer img,td>img{max-width:100%}
.tag{display:inline-block;border:1px solid var(--line);border-radius:1em;padding:0 .6em;margin:0 .3em .2em 0;font-size:.85em}
details{margin:.3rem 0;color:var(--soft)}summary{cursor:pointer}details .text{max-height:24rem;overflow:auto;color:var(--text);font-size:.93em}
ins{background:var(--added);text-decoration:underline}del{background:var(--removed);text-decoration:line-through}
.from{font-size:.85em;display:flex;flex-wrap:wrap;gap:.3rem .75rem;align-items:center;justify-content:space-between}.from button{padding:0 .5rem}
#none{padding:2rem 0}footer{margin-top:2rem;padding-top:.5rem;border-top:1px solid var(--line);font-size:.93em}
footer dl{display:grid;grid-template-columns:fit-content(24rem) minmax(0,1fr);gap:.2rem 1.25rem}footer dt{color:var(--soft);overflow-wrap:anywhere}footer dd{overflow-wrap:anywhere}footer dt,footer dd{margin:0}
@media (max-width:48rem){body{padding:.75rem}.inside{left:.75rem;max-width:calc(100vw - 1.5rem)}#answers{min-width:0}.heads{display:none}
article{border-top:1px solid var(--line);margin-top:.75rem;border-radius:5px;scroll-margin-top:.5rem}.line{display:block}.line>th,.stay{position:static;max-height:none}.line>th{background:var(--raised)}
.line>td{border-left:0;border-top:1px solid var(--line);scroll-margin:.5rem}.line .lane{display:block}footer dl{grid-template-columns:minmax(0,1fr)}footer dd{margin-bottom:.5rem}}
@media print{.tools,.keys,button,#count{display:none}.heads{position:static}.line>th,.stay,.inside{position:static;max-height:none}#answers{min-width:0}article{content-visibility:visible;break-inside:auto}.chart circle,.chart line{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;
}
