import { expect, test } from 'vitest';
import { matrixCsv } from '../../../src/output/matrix/csv.ts';
import { cellLine, matrixJson, summaryLine } from '../../../src/output/matrix/json.ts';
import { matrixJunit } from '../../../src/output/matrix/junit.ts';
import { matrixMarkdown } from '../../../src/output/matrix/markdown.ts';
import { matrixTable } from '../../../src/output/matrix/table-parts.ts';
import { failedCells, failedTable, laneTable, summaryLines } from '../../../src/output/matrix/table.ts';
import { fitTable } from '../../../src/output/table/fit.ts';
import { HOSTILE } from '../../support/hostile/text.ts';
import { cellResult, cellsOf, EXPECTED, joined, matrixReport, testCase } from '../../support/matrix-report.ts';

const MARKS = ['+++++++++++-x.', '++++-----+++++'];
const REPORT = matrixReport(['a/one', 'b/two'], cellsOf(MARKS));

/** A report in which every text from outside is an attack. */
function hostileReport() {
  const one = testCase(HOSTILE, {
    label: HOSTILE,
    tags: [HOSTILE],
    expectations: EXPECTED,
    vars: { [HOSTILE]: HOSTILE },
    origin: { file: HOSTILE, line: 3 },
    prompt: [{ role: 'user', text: HOSTILE }],
  });
  const text = `${HOSTILE}</script>]]>&<!--\ud800\u0000\uffff"'=1+1`;
  const bad = cellResult(one, 0, '-', { text, model: HOSTILE, provider: HOSTILE, reasoning: HOSTILE, finishReason: HOSTILE });
  const checks = [{ name: HOSTILE, verdict: 'fail', score: 0, reason: HOSTILE }] as const;
  const failed = { ...cellResult(one, 1, 'x'), error: { message: HOSTILE, kind: HOSTILE, code: HOSTILE } };
  return matrixReport([HOSTILE, `${HOSTILE}2`], [{ ...bad, outcome: { verdict: 'fail', score: 0, checks } }, failed], {
    source: HOSTILE,
  });
}

/** Reads CSV: fields in quotes may contain line ends, commas and doubled quotes. */
function csvRows(text: string): Record<string, string>[] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\n') rows.push([]);
  }
  const [headings = [], ...body] = rows.slice(0, -1);
  return body.map((row) => Object.fromEntries(headings.map((heading, index) => [heading, row[index]!])));
}

/** Throws for anything but well-formed XML. */
function elementsOf(xml: string): string[] {
  // oxlint-disable-next-line no-control-regex -- XML forbids them
  expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])/);
  const open: string[] = [];
  const names: string[] = [];
  const body = xml.replace(/^<\?xml version="1.0" encoding="UTF-8"\?>\n/, '');
  const rest = body.replace(
    /<(\/?)([a-z]+)((?: [a-z]+="[^"<&]*(?:&#\d+;[^"<&]*)*")*)(\/?)>/g,
    (_, isEnd: string, name: string, __, isEmpty: string) => {
      if (isEnd !== '') {
        if (open.pop() !== name) throw new Error(`misplaced </${name}>`);
      } else {
        names.push(name);
        if (isEmpty === '') open.push(name);
      }
      return '';
    },
  );
  expect(open).toEqual([]);
  expect(rest.replace(/&#\d+;/g, '')).not.toMatch(/[<>&]/);
  return names;
}

test('the table shows rates with intervals, and says in words what a difference shows', () => {
  const { columns, rows } = laneTable(REPORT);
  expect(columns.map(({ heading }) => heading)).toEqual([
    'lane',
    'passed',
    'rate',
    '95% interval',
    'vs first',
    'no answer',
    'cost',
    'per answer',
    'time',
    'spread',
  ]);
  expect(rows.map((row) => row.map(({ text }) => text.trim()))).toEqual([
    ['a/one', '11/14', '92%', '65–99%', '–', '2', '$0.0130', '$0.00108', '1.50 s', '1.50–1.50 s'],
    ['b/two', '9/14', '64%', '39–84%', '−33.3', '0', '$0.0140', '$0.00100', '1.50 s', '1.50–1.50 s'],
  ]);
  const [totals, difference] = summaryLines(REPORT);
  expect(totals).toBe('14 cases · 28 cells · 20 of 28 passed · $0.0120 for the whole run');
  expect(difference).toMatch(
    /^b\/two: no difference from a\/one shown: −33\.3 points \(.* to .*\), p = 0\.22, 12 cases; a difference below \d+ points/,
  );
});

test('cells that could not be checked are counted apart, because they do not pass and are not in the rate', () => {
  const [one, two] = ['1', '2'].map((id) => cellResult(testCase(id, { expectations: EXPECTED }), 0, '+'));
  const unchecked = { verdict: 'not-run', checks: [] } as const;
  const { columns, rows } = laneTable(matrixReport(['m'], [{ ...one!, outcome: unchecked }, two!]));
  const cellOf = (heading: string) => rows[0]![columns.findIndex((column) => column.heading === heading)]!;
  expect(cellOf('passed').text).toBe('1/2');
  expect(cellOf('rate').text).toBe('100%');
  expect(cellOf('not run')).toEqual({ text: '1', tone: 'warning' });
});

test('few cases are called too few, and clear differences better or worse', () => {
  const words = (rows: string[]) => summaryLines(matrixReport(['x', 'y'], cellsOf(rows)))[1];
  expect(words(['++++', '----'])).toMatch(/^y: too few cases to compare with x: −100\.0 points/);
  expect(words(['+'.repeat(20), '-'.repeat(20)])).toMatch(/^y: worse than x: −100\.0 points .*p < 0\.001, 20 cases$/);
  expect(words([`${'-'.repeat(15)}+++++`, '+'.repeat(20)])).toMatch(/^y: better than x: \+75\.0 points/);
});

test('cases without expectations have no rate, and unknown costs are never shown as a sum', () => {
  const cells = ['1', '2'].map((id) => cellResult(testCase(id), 0, '+', { cost: id === '1' ? undefined : '0.01' }));
  const { columns, rows } = laneTable(matrixReport(['m'], cells));
  expect(columns.map(({ heading }) => heading)).toEqual(['lane', 'answered', 'cost', 'per answer', 'time', 'spread']);
  expect(rows[0]?.map(({ text }) => text)).toEqual(['m', '2/2', '≥$0.0100', '–', '1.50 s', '1.50–1.50 s']);
});

test('cells that did not pass are listed with their reason, and the rest is counted', async () => {
  const { cells, count } = await failedCells(REPORT, 2);
  expect(count).toBe(8);
  expect(failedTable(cells, REPORT).rows.map((row) => row.map(({ text }) => text))).toEqual([
    ['5', 'b/two', 'contains: contains "ok"'],
    ['6', 'b/two', 'contains: contains "ok"'],
  ]);
  expect((await failedCells(matrixReport(['m'], cellsOf(['+....'])), 9)).count).toBe(1);
  const all = await failedCells(REPORT, 100);
  expect(failedTable(all.cells, REPORT).rows.map((row) => row.at(-1)!.text)).toContain('refused with 503');
  expect(failedTable(all.cells, REPORT).rows.map((row) => row.at(-1)!.text)).toContain('not asked: stopped');
});

test('cells that were not asked are one row for each lane, and all of them are counted', async () => {
  const stopped = matrixReport(['m', 'n'], cellsOf(['+-...', '+-+..']));
  expect(await failedCells(stopped, 9)).toMatchObject({ count: 4, notAsked: 3 });
  const markdown = await joined(matrixMarkdown(stopped));
  expect(markdown).toContain('### Not passed: 7\n');
  expect(markdown).toMatch(/\n3 more cells were not asked\.\n$/);
  expect(await joined(matrixTable(stopped))).toMatch(/\n {2}… and 3 more cells were not asked\n$/);
  const one = matrixReport(['m'], cellsOf(['+..']));
  expect(await joined(matrixMarkdown(one))).toMatch(/\n1 more cell was not asked\.\n$/);
  expect(await joined(matrixMarkdown(matrixReport(['m'], cellsOf(['-'.repeat(201)]))))).toContain(
    '\n1 more cell is in the other formats, such as `-o csv`.\n',
  );
});

test('on a narrow terminal, the values that lanes are ranked by stay, and a rate goes with its interval', () => {
  const quality = { measure: 'win-share', estimate: 0.5, interval: { lower: 0.25, upper: 0.75 }, n: 14 } as const;
  const lanes = [0, 1].map((lane) => ({ lane, rank: 1, quality }));
  const ranking = { by: 'quality', mode: { kind: 'pairs' }, lanes } as const;
  const { lanes: summaries } = REPORT;
  const headings = (columns: number): string => {
    const lines = fitTable(laneTable({ ...REPORT, lanes: summaries, ranking }), columns).map((cells) =>
      cells.map(({ text }) => text).join(''),
    );
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(columns);
    expect(lines[1]).toMatch(/ a\/one /);
    return lines[0]!.trim().replaceAll(/ {2,}/g, ' | ');
  };
  expect(headings(90)).toBe('rank | lane | win share | 95% | passed | rate | 95% interval | no answer | cost | time');
  expect(headings(75)).toBe('rank | lane | win share | 95% | passed | no answer | cost');
  expect(headings(60)).toBe('rank | lane | win share | 95% | cost');
});

test('one of anything is singular', () => {
  const [counts] = summaryLines(matrixReport(['m'], cellsOf(['+']), { totals: { ...REPORT.totals, unpriced: 1 } }));
  expect(counts).toBe('1 case · 1 cell · 1 of 1 passed · $0.0120 for the whole run, cost of 1 answer unknown');
});

test('JSON is one object with every cell; JSON lines are the same cells and a summary', async () => {
  const json = JSON.parse(await joined(matrixJson(REPORT))) as Record<string, unknown> & { cells: object[]; lanes: object[] };
  expect(json).toMatchObject({
    run: '0'.repeat(26),
    source: 'cases.csv',
    complete: false,
    cases: 14,
    expecting: 28,
    passed: 20,
    cost: '0.012',
  });
  expect(json.lanes[0]).toMatchObject({
    lane: 'a/one',
    cells: { answered: 12, failed: 1, not_asked: 1 },
    pass_rate: { items: 12 },
    difference_to_first: null,
  });
  expect(json.lanes[1]).toMatchObject({ difference_to_first: { test: 'mcnemar', items: 12, conclusion: 'none' } });
  expect(json.cells).toHaveLength(28);
  expect(json.cells[0]).toMatchObject({
    case: '1',
    lane: 'a/one',
    state: 'answered',
    passed: true,
    content: 'ok',
    cost: '0.001',
    timing: { duration_ms: 1500 },
  });
  expect(json.cells[24]).toMatchObject({ case: '13', state: 'failed', passed: false, error: { message: 'refused with 503' } });
  const lines = (await Promise.all([cellLine(cellsOf(MARKS)[0]!, REPORT.lanes), summaryLine(REPORT)])).map(
    (line) => JSON.parse(line) as object,
  );
  expect(lines[0]).toEqual({ type: 'cell', ...json.cells[0] });
  const { cells: _, ...summary } = json;
  expect(lines[1]).toEqual({ type: 'summary', ...summary });
  expect(JSON.parse(await joined(matrixJson(matrixReport(['m'], []))))).toMatchObject({ cells: [] });
});

test('CSV has a row for each cell, in pieces for many', async () => {
  const rows = csvRows(await joined(matrixCsv(REPORT)));
  expect(rows).toHaveLength(28);
  expect(rows[0]).toMatchObject({
    case: '1',
    lane: 'a/one',
    repetition: '1',
    state: 'answered',
    passed: 'true',
    cost: '0.001',
    answer: 'ok',
  });
  const many = matrixReport(
    ['m'],
    Array.from({ length: 350 }, (_, index) => cellResult(testCase(`${index}`), 0, '+')),
  );
  expect(csvRows(await joined(matrixCsv(many)))).toHaveLength(350);
});

test('JUnit has a suite for each lane, failures for expectations and errors for missing answers', async () => {
  const xml = await joined(matrixJunit(REPORT));
  expect(xml).toContain('<testsuites name="cases.csv" tests="28" failures="6" errors="2" time="40.500">');
  expect(xml).toContain(
    '<testsuite name="a/one" tests="14" failures="1" errors="2" time="19.500" skipped="0" timestamp="2026-01-02T00:00:00">',
  );
  expect(xml).toContain('    <testcase name="1" classname="a/one" time="1.500"/>\n');
  expect(xml).toContain(
    '<failure message="contains: contains &#34;ok&#34;" type="expectation">contains: contains &#34;ok&#34;\n\nanswer:\nok</failure>',
  );
  expect(xml).toContain('<error message="refused with 503" type="failed">');
  expect(xml).toContain('<error message="not asked: stopped" type="not-asked">');
  expect(elementsOf(xml).filter((name) => name === 'testcase')).toHaveLength(28);
});

test('an expectation that was not run is a failure', async () => {
  const one = cellResult(testCase('1', { expectations: EXPECTED }), 0, '+');
  const outcome = {
    verdict: 'not-run',
    score: 0,
    checks: [{ name: 'python', verdict: 'not-run', score: 0, reason: 'a file with code' }],
  } as const;
  const report = matrixReport(['m'], [{ ...one, outcome }]);
  expect(await joined(matrixJunit(report))).toContain('<failure message="python not run: a file with code" type="not-run">');
  expect(report.lanes[0]).toMatchObject({ passed: 0, expecting: 1, notRun: 1, passRate: undefined });
});

test('hostile text stays text in every output', async () => {
  const report = hostileReport();
  elementsOf(await joined(matrixJunit(report)));
  const json = await joined(matrixJson(report));
  // oxlint-disable-next-line no-control-regex -- no output contains them
  const active = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
  expect(json).not.toMatch(active);
  expect((JSON.parse(json) as { cells: { content: string }[] }).cells[0]?.content).toContain('</script>');
  expect(await joined(matrixMarkdown(report))).not.toMatch(active);
  expect(await joined(matrixMarkdown(report))).not.toMatch(/<(?!br)/);
  const csv = csvRows(await joined(matrixCsv(report)));
  expect(csv).toHaveLength(2);
  const cells = [...laneTable(report).rows, ...failedTable((await failedCells(report, 9)).cells, report).rows]
    .flat()
    .map(({ text }) => text);
  for (const text of [...cells, ...summaryLines(report)]) expect(text).not.toMatch(active);
});
