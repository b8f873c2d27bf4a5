import { HOSTILE_MARKUP } from './markup.ts';
import type { CellResult } from '../../../src/core/matrix/cell-result.ts';
import type { MatrixReport } from '../../../src/core/matrix/report.ts';
import { matrixPage } from '../../../src/output/matrix/page/write-page.ts';
import { cellResult, EXPECTED, joined, matrixReport, testCase } from '../matrix-report.ts';

/** Returns two cells in which every text from outside is `bad`: a failed expectation, and no answer. */
export function hostileCells(bad: string): CellResult[] {
  const one = testCase(bad, {
    label: `${bad} label`,
    promptName: bad,
    tags: [bad],
    expectations: EXPECTED,
    vars: { [bad]: bad },
    reference: bad,
    followUps: [bad],
    metadata: { [bad]: bad },
    origin: { file: bad, line: 3 },
    prompt: [
      { role: 'system', text: bad },
      { role: 'user', text: bad },
    ],
  });
  const record = {
    text: bad,
    model: bad,
    provider: bad,
    reasoning: bad,
    finishReason: bad,
    generation: bad,
    images: [bad, `data:image/svg+xml;base64,${Buffer.from('<svg onload="window.hacked=1"/>').toString('base64')}`],
    toolCalls: [{ name: bad, arguments: bad }],
  };
  const first = cellResult(one, 0, '-', record);
  const checks = [{ name: bad, verdict: 'fail', score: 0, reason: bad }] as const;
  const verdicts = [{ against: bad, result: 'loss', reason: bad }] as const;
  const failed = { ...cellResult(one, 1, 'x', { text: '' }), error: { message: bad, kind: bad, code: bad } };
  return [{ ...first, outcome: { verdict: 'fail', score: 0, checks, metrics: { [bad]: 1 } }, verdicts }, failed];
}

/** Returns what else of a report comes from outside. */
export function hostileFacts(bad: string): Partial<MatrixReport> {
  return {
    source: bad,
    cluster: bad,
    stopped: { message: bad, kind: bad },
    judging: { model: bad, mode: undefined, criteria: bad, summary: undefined, related: [bad] },
    ranking: {
      by: 'quality',
      mode: { kind: 'against', lane: bad },
      lanes: [
        { lane: 0, rank: 1, quality: { measure: 'win-share', estimate: 0.6, interval: { lower: 0.4, upper: 0.8 }, n: 20 } },
        { lane: 1, rank: undefined },
      ],
    },
    conditions: { command: `orx ${bad}`, lanes: [0, 1].map(() => ({ parameters: [`stop ${bad}`], price: undefined })) },
  };
}

/** Returns a page of which every text from outside is an attack. */
export async function hostilePage(): Promise<string> {
  const bad = HOSTILE_MARKUP.join(' ');
  const cells = HOSTILE_MARKUP.flatMap(hostileCells);
  return joined(matrixPage(matrixReport([bad, `${bad} 2`], cells, hostileFacts(bad))));
}
