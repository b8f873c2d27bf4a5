import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { decimal } from '../../../../src/decimal.ts';
import type { IndexRow, TextRow } from '../../../../src/output/matrix/page/data.ts';
import { matrixPage } from '../../../../src/output/matrix/page/write-page.ts';
import { hostilePage } from '../../../support/hostile/page-report.ts';
import { HOSTILE_MARKUP } from '../../../support/hostile/markup.ts';
import { cellResult, cellsOf, EXPECTED, joined, matrixReport, testCase } from '../../../support/matrix-report.ts';

/** Returns the contents of the elements with this start tag, which end where a browser ends them. */
function contents(html: string, start: RegExp): string[] {
  return [...html.matchAll(start)].map(({ index, 0: tag }) => {
    const from = index + tag.length;
    return html.slice(from, from + html.slice(from).search(/<\/(?:script|style)/i));
  });
}

function dataOf<T>(html: string, name: string): T[] {
  return contents(html, new RegExp(`<script type="application/(?:json|gzip)" class="${name}">`, 'g')).flatMap(
    (text) => JSON.parse(/^[[{]/.test(text) ? text : gunzipSync(Buffer.from(text, 'base64')).toString()) as T[],
  );
}

test('one style and one script are allowed by their hashes, before anything else', async () => {
  const html = await joined(matrixPage(matrixReport(['a/one', 'b/two'], cellsOf(['+-', '-x']))));
  const [, policy = ''] =
    /^<!doctype html>\n<html lang="en">\n<head>\n<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(html) ?? [];
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const [style] = contents(html, /<style>/g);
  const [script] = contents(html, /<script>/g);
  expect(policy).toBe(
    `default-src 'none'; style-src ${hash(style!)}; script-src ${hash(script!)}; img-src data:; base-uri 'none'; form-action 'none'`,
  );
  expect(html.match(/<style|<script>/g)).toHaveLength(2);
  expect(html).not.toMatch(/ (?:style|on[a-z]+)=/);
  expect(script).not.toMatch(/<!--|\[native code\]/);
});

test('text from outside is data or escaped, in every field', async () => {
  const html = await hostilePage();
  const outside = html
    .replaceAll(/<script type="application\/json"[^>]*>[^<]*<\/script>/g, '')
    .replace(/<script>[\s\S]*<\/script>/, '');
  expect(outside).not.toMatch(/<(?:script|img|iframe|link|template|a)\b|<!--|<meta http-equiv="?refresh/i);
  // Every tag is one of orx's own.
  const tags = new Set([...outside.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, tag]) => tag!.toLowerCase()));
  const own =
    'html head meta title style body header h1 h2 p ul li section div figure figcaption br small svg desc line circle text g table caption thead tbody tr th td bdi noscript form label input select option button details summary fieldset legend span kbd output footer dl dt dd strong';
  expect([...tags].filter((tag) => !own.split(' ').includes(tag))).toEqual([]);
  // oxlint-disable-next-line no-control-regex -- no page contains them
  expect(html).not.toMatch(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])/,
  );
  for (const block of contents(html, /<script type="application\/json"[^>]*>/g)) expect(block).not.toMatch(/[<>&]/);
});

test('answers are markup of orx alone, and the exact text is there for copying', async () => {
  const rows = dataOf<TextRow>(await hostilePage(), 'texts');
  expect(rows).toHaveLength(HOSTILE_MARKUP.length);
  const cells = rows.flatMap((row) => row.cells);
  for (const { html, media = '' } of cells) {
    const tags = [...`${html}${media}`.matchAll(/<\/?([a-z0-9]+)/gi)].map(([, tag]) => tag);
    expect(tags.filter((tag) => !/^(?:div|p|pre|code|table|thead|tbody|tr|th|td|a|img|strong)$/.test(tag!))).toEqual([]);
    expect(
      [...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href).filter((href) => !/^https?:|^mailto:/.test(href!)),
    ).toEqual([]);
  }
  expect(rows.map(({ cells: [first] }) => first!.raw ?? first!.text)).toEqual(HOSTILE_MARKUP);
});

test('a long answer is cut and whole, a very long one is text', async () => {
  const long = `${'word '.repeat(799)}wor\u{1f600}d and more`;
  const endless = 'x'.repeat(1_000_000);
  const one = testCase('1', { prompt: [{ role: 'user', text: endless }] });
  const cells = [long, endless].map((text, lane) => cellResult(one, lane, '+', { text }));
  const [row] = dataOf<TextRow>(await joined(matrixPage(matrixReport(['m', 'n'], cells))), 'texts');
  const [first, second] = row!.cells;
  expect(first).toMatchObject({ text: long, isCut: true });
  expect(first!.html).toContain('wor\u{1f600} …');
  expect(first!.html).not.toContain('and more');
  expect(first!.whole).toContain('and more');
  expect(second!.text).toHaveLength(1_000_000);
  expect(second!.html.length).toBeLessThan(5_000);
  expect(second!.whole).toBeUndefined();
  expect(row!.prompt[0]!.text).toContain('980,000 more characters are not on this page');
});

test('a row is one repetition of a case, and equal answers are marked', async () => {
  const one = testCase('1', { label: 'first', tags: ['x'], origin: { file: 'f', line: 7 }, expectations: EXPECTED });
  const cells = [1, 2].flatMap((repetition) =>
    ['+', '-', 'x'].map((mark, lane) => {
      const result = cellResult(one, lane, mark as '+', { text: lane === 1 ? 'other' : 'same ' });
      return { ...result, cell: { ...result.cell, repetition } };
    }),
  );
  const html = await joined(matrixPage(matrixReport(['a', 'b', 'c'], cells, { repetitions: 2 })));
  const rows = dataOf<IndexRow>(html, 'index');
  expect(rows).toHaveLength(2);
  expect(rows[1]).toEqual({
    id: '1',
    label: 'first',
    repetition: 2,
    line: 7,
    tags: ['x'],
    cells: [
      { lane: 0, state: 'passed', cost: 0.001, ms: 1500, score: 1, same: 0 },
      { lane: 1, state: 'failed', cost: 0.001, ms: 1500, score: 0, same: 1 },
      { lane: 2, state: 'error', cost: 0.001, ms: 1500, same: 0 },
    ],
  });
});

test('charts have a title, a description and the figures in a table; a lane without a figure has a dash', async () => {
  const html = await joined(
    matrixPage(
      matrixReport(['a/one', 'b/two', 'c/none'], cellsOf(['+++++++++++-x.', '++++-----+++++', '..............']), {
        conditions: {
          command: "orx compare --system 'sk-or-v1-0123456789abcdef0123456789abcdef'",
          lanes: [
            { parameters: ['seed 7'], price: { prompt: decimal('0.00000015'), completion: decimal('0.0000006') } },
            { parameters: [], price: 'local' },
            { parameters: [], price: undefined },
          ],
        },
      }),
    ),
  );
  expect(html.match(/<svg class="chart" role="img" aria-labelledby="(\w+)-title \1-text"/g)).toHaveLength(3);
  expect(html).toContain('<title id="quality-title">Quality against price</title>');
  expect(html).toContain('a/one: 92% (65–99%) at $0.00100; b/two: 64% (39–84%)');
  expect(html).toContain('c/none: unknown');
  expect(html).toContain(
    '<th scope="row">1 <bdi>a/one</bdi></th><td class="right">11/14</td><td class="right">92%<br><small>(65–99%)</small></td>',
  );
  expect(html).toContain('$0.15 in, $0.60 out per million tokens · seed 7');
  expect(html).toContain('runs on this machine');
  expect(html).not.toContain('sk-or-v1-0123456789');
  const free = await joined(matrixPage(matrixReport(['m'], [cellResult(testCase('1'), 0, '+', { cost: undefined })])));
  expect(free.match(/<svg class="chart"/g)).toHaveLength(2);
});

test('the judge, its cost and its verdicts are on the page', async () => {
  const [first, second] = cellsOf(['+', '+']);
  const verdicts = [{ against: 'a/one', result: 'tie', isConsistent: false, reason: 'both say it' }] as const;
  const report = matrixReport(['a/one', 'b/two'], [first!, { ...second!, verdicts }]);
  const html = await joined(
    matrixPage({
      ...report,
      judging: { model: 'j/judge', mode: undefined, criteria: undefined, summary: undefined, related: ['j/two'] },
      totals: { ...report.totals, judgeCost: '0.004', judged: 2 },
    }),
  );
  expect(html).toContain('<h2>Judge</h2>');
  expect(html).toContain('judge j/judge');
  expect(html).toContain('of it $0.00400 for the judge');
  const [row] = dataOf<TextRow>(html, 'texts');
  expect(row!.cells[1]).toMatchObject({
    judged: 'tie with a/one (the order decided)',
    more: [{ name: 'judge: tie with a/one (the order decided)', text: 'both say it' }, { name: '1 expectation' }],
  });
});

test('memory does not grow with the number of cells, and blocks after 20 million characters are compressed', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // Answers that are not rendered as a whole make a large page quickly.
  const text = (id: number) => `answer ${id}: ${'some words of a long answer, '.repeat(4_000)}`;
  const count = 600;
  const report = matrixReport(['m'], [cellResult(testCase('1'), 0, '+')], {
    cells: async function* () {
      for (let id = 0; id < count; id += 1) yield cellResult(testCase(String(id)), 0, '+', { text: text(id) });
    },
  });
  const heap: number[] = [];
  let pieces = 0;
  let ids = 0;
  let last = '';
  for await (const piece of matrixPage(report)) {
    ids += dataOf<IndexRow>(piece, 'index').length;
    if (piece.includes('class="texts"')) last = piece;
    pieces += 1;
    // A collection takes long in a process that has run other tests. What one block leaves behind shows after eight as well.
    if (pieces % 8 !== 0) continue;
    collect();
    heap.push(process.memoryUsage().heapUsed);
  }
  expect(ids).toBe(count);
  expect(heap.length).toBeGreaterThan(6);
  // The first blocks include what Node compiles and caches.
  expect(Math.max(...heap.slice(1)) - heap[0]!).toBeLessThan(8_000_000);
  expect(last).toContain('<script type="application/gzip" class="texts">');
  expect(dataOf<TextRow>(last, 'texts').at(-1)!.cells[0]!.text).toBe(text(count - 1));
});
