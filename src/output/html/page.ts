import { createHash } from 'node:crypto';
import type { Cell, Table } from '../table/table.ts';
import { visibleLine, visibleText } from '../text/visible.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Returns text on one line for an element or a quoted attribute: without markup, and with invisible characters made visible. */
export function escapeHtml(text: string): string {
  return escaped(visibleLine(text));
}

/** Like `escapeHtml`, for text of several lines, which are kept. */
export function escapeHtmlLines(text: string): string {
  return escaped(visibleText(text));
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!);
}

const CSS = `
:root{color-scheme:light dark;--text:#1b1f24;--back:#fff;--soft:#59636e;--line:#d1d9e0;--fill:#0b7285;--pale:#99c9d1;--warn:#9a6700}
@media (prefers-color-scheme:dark){:root{--text:#e6edf3;--back:#0d1117;--soft:#9198a1;--line:#3d444d;--fill:#3bc9db;--pale:#1f5b66;--warn:#d29922}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:72rem;padding:1.5rem 1rem;background:var(--back);color:var(--text);font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.4rem;margin:0}h2{font-size:1rem;margin:2rem 0 .5rem}
p{margin:.25rem 0}.sum{font-size:1.1rem}.dim,th{color:var(--soft)}.warning{color:var(--warn)}
h1,p,td:first-child,dt{overflow-wrap:anywhere}
svg{display:block;width:100%;overflow:hidden}rect{fill:var(--fill)}rect.pale{fill:var(--pale)}
.scale{display:flex;justify-content:space-between;gap:1rem;color:var(--soft);border-top:1px solid var(--line)}
dl{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr) minmax(0,2fr);gap:.5rem 1.5rem;margin:0}dd{margin:0}
.scale span:nth-child(2n+1){white-space:nowrap}
.table{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.3rem .5rem;font-size:.93em;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{font-weight:500;white-space:nowrap}.right{text-align:right;white-space:nowrap}td:first-child{min-width:10rem}
tr.accent td{font-weight:600;border-bottom:0}
@media (max-width:40rem){dl{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}dt{grid-column:1/-1;margin-top:.5rem}}
@media print{:root{--text:#000;--back:#fff;--soft:#444;--line:#999;--fill:#333;--pale:#aaa;--warn:#000}
body{max-width:none;padding:0;font-size:9pt}.table{overflow:visible}th,td{padding:.15rem .3rem}section,tr{break-inside:avoid}
rect{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
`;

/** What a page has besides its markup. */
export interface PageExtras {
  /** Additional style. */
  css?: string | undefined;
  /** The only script. It must not contain `</` or `<!--`. */
  script?: string | undefined;
  /** Additional sources for its policy. */
  sources?: string | undefined;
}

/**
 * Returns a self-contained page: its style and its script are allowed by their hashes, and nothing else may load, run or be sent.
 * `body` is escaped markup.
 */
export function htmlPage(title: string, body: string, extras: PageExtras = {}): string {
  return `${pageStart(title, extras)}${body}${pageEnd(extras)}`;
}

/** Returns the page up to its body, for a page that is written in pieces. The policy comes before everything it applies to. */
export function pageStart(title: string, { css = '', script, sources }: PageExtras): string {
  const style = CSS + css;
  const policy = [
    `default-src 'none'`,
    `style-src ${hashOf(style)}`,
    ...(script === undefined ? [] : [`script-src ${hashOf(script)}`]),
    ...(sources === undefined ? [] : [sources]),
    `base-uri 'none'`,
    `form-action 'none'`,
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
`;
}

/** Returns the end of a page, with its script. */
export function pageEnd({ script }: PageExtras): string {
  return `${script === undefined ? '' : `<script>${script}</script>\n`}</body>\n</html>\n`;
}

function hashOf(source: string): string {
  return `'sha256-${createHash('sha256').update(source).digest('base64')}'`;
}

/** Returns a table as markup. If it is wider than the screen, only the table scrolls. */
export function htmlTable({ columns, rows }: Table): string {
  const cell = (name: 'th' | 'td', text: string, index: number): string => {
    const place = columns[index]!.align === 'right' ? ' class="right"' : '';
    return `<${name}${place}>${escapeHtml(text.trim())}</${name}>`;
  };
  const head = columns.map(({ heading }, index) => cell('th', heading, index)).join('');
  const line = (row: readonly Cell[]): string => {
    const tone = row[0]?.tone === 'accent' ? ' class="accent"' : '';
    return `<tr${tone}>${row.map(({ text }, index) => cell('td', text, index)).join('')}</tr>\n`;
  };
  return `<div class="table"><table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${rows.map(line).join('')}</tbody>\n</table></div>\n`;
}

/** Returns the notes below a table, each as a paragraph. */
export function htmlNotes(notes: readonly Cell[]): string {
  return notes.map(({ text, tone }) => `<p class="${tone ?? 'plain'}">${escapeHtml(text)}</p>\n`).join('');
}

/** Returns a page with a title, one table and its notes. */
export function tablePage(title: string, table: Table, notes: readonly Cell[]): string {
  return htmlPage(title, `<h1>${escapeHtml(title)}</h1>\n<section>\n${htmlTable(table)}</section>\n${htmlNotes(notes)}`);
}
