import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MatrixJournal } from '../../../src/storage/matrix/journal.ts';
import type { AnswerRecord } from '../../../src/storage/matrix/record.ts';
import { tempFolder } from '../../support/temp-home.ts';

function answer(key: string, more: Partial<AnswerRecord> = {}): AnswerRecord {
  return { type: 'answer', key, at: 5, state: 'answered', text: `text of ${key}`, attempts: 1, cost: '0.001', ...more };
}

const RUN = {
  type: 'run',
  version: 1,
  id: '0'.repeat(26),
  at: 1,
  source: '/a/b.csv',
  lanes: ['one'],
  cells: 2,
  orx: '1',
} as const;

function created(): { path: string; journal: MatrixJournal } {
  const path = join(tempFolder(), 'run.jsonl');
  const journal = new MatrixJournal(path, 'ax+');
  journal.append(RUN);
  return { path, journal };
}

test('an answer is in the private file as soon as it is appended, and is found again by its key', () => {
  const { path, journal } = created();
  journal.append(answer('a', { text: 'ü\n\u001b[2J \ud83d\ude00', reasoning: 'r' }));
  expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(2);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const other = new MatrixJournal(path, 'a+');
  expect(other.run).toEqual(RUN);
  expect(other.has('a')).toBe(true);
  expect(other.read('a')).toEqual(answer('a', { text: 'ü\n\u001b[2J \ud83d\ude00', reasoning: 'r' }));
  expect(other.read('b')).toBeUndefined();
  other.close();
  journal.close();
});

test('short and long records are found in any order, also while more are written', () => {
  const { path, journal } = created();
  const lengths = [1, 200_000, 10, 70_000, 65_536, 3, 300_000, 5];
  const written = lengths.map((length, index) => answer(`${index}`, { text: 'ü'.repeat(length) }));
  for (const record of written) {
    journal.append(record);
    for (const known of written.slice(0, written.indexOf(record) + 1).toReversed())
      expect(journal.read(known.key)).toEqual(known);
  }
  journal.close();
  const other = new MatrixJournal(path, 'a+');
  for (const known of written) expect(other.read(known.key)).toEqual(known);
  other.close();
});

test('failures and empty answers do not count as answers, until an answer follows', () => {
  const { path, journal } = created();
  journal.append(answer('a', { state: 'failed', text: '', error: { message: 'no', kind: 'provider' } }));
  journal.append(answer('b', { state: 'empty', text: '' }));
  journal.append(answer('a'));
  journal.append(answer('a', { state: 'failed' }));
  journal.append({ type: 'attempt', key: 'c', at: 6, cost: '0.5' });
  journal.append(answer('d', { purpose: 'judge', cost: '0.25' }));
  journal.append(answer('e', { cost: undefined }));
  for (const one of [journal, new MatrixJournal(path, 'a+')]) {
    expect([one.has('a'), one.has('b'), one.has('c')]).toEqual([true, false, false]);
    expect(one.read('a')?.state).toBe('answered');
    expect(one.read('b')?.state).toBe('empty');
    expect(one.totals()).toEqual({
      cost: '0.754',
      judgeCost: '0.25',
      answered: 2,
      failed: 1,
      unpriced: 1,
      judged: 1,
      unpricedJudged: 0,
    });
    one.close();
  }
});

test.each(['torn', 'whole'])('a last line that a kill left %s without its end damages nothing', (how) => {
  const { path, journal } = created();
  journal.append(answer('a'));
  journal.append(answer('b'));
  journal.close();
  truncateSync(path, statSync(path).size - (how === 'torn' ? 20 : 1));
  const resumed = new MatrixJournal(path, 'a+');
  expect([resumed.has('a'), resumed.has('b'), resumed.damaged]).toEqual([true, how === 'whole', 0]);
  resumed.append(answer('c'));
  resumed.append(answer('d'));
  expect(resumed.read('c')?.text).toBe('text of c');
  resumed.close();
  const again = new MatrixJournal(path, 'a+');
  expect([again.has('a'), again.has('b'), again.has('c'), again.has('d')]).toEqual([true, how === 'whole', true, true]);
  expect(again.read('d')?.text).toBe('text of d');
  expect(again.damaged).toBe(0);
  again.close();
});

test('damaged lines are counted, lines of an unknown type are not, and neither hides another record', () => {
  const { path, journal } = created();
  journal.append(answer('a'));
  journal.close();
  appendFileSync(path, 'garbage\n{"type":"answer","key":1}\n{"type":"future","x":1}\n\u0000\n');
  appendFileSync(path, `${JSON.stringify(answer('b', { cost: '1e999' }))}\n${JSON.stringify(answer('c'))}\n`);
  const resumed = new MatrixJournal(path, 'a+');
  expect([resumed.has('a'), resumed.has('b'), resumed.has('c'), resumed.damaged]).toEqual([true, false, true, 4]);
  resumed.close();
});

test('a file that is no journal, or of a later version, has no run', () => {
  const path = join(tempFolder(), 'run.jsonl');
  for (const text of ['', 'hello\n', `${JSON.stringify({ ...RUN, version: 2 })}\n`]) {
    writeFileSync(path, text);
    const journal = new MatrixJournal(path, 'a+');
    expect(journal.run).toBeUndefined();
    journal.close();
  }
});

test('lines longer than a piece of the file keep their place', () => {
  const { path, journal } = created();
  const long = 'é'.repeat(400_000);
  journal.append(answer('a', { text: long }));
  journal.append(answer('b'));
  journal.close();
  const resumed = new MatrixJournal(path, 'a+');
  expect(resumed.read('a')?.text).toBe(long);
  expect(resumed.read('b')?.text).toBe('text of b');
  resumed.close();
});

test('outcomes are found by their key, the last one of a key', () => {
  const { path, journal } = created();
  journal.append({ type: 'outcome', key: 'x', data: { verdict: 'fail' } });
  journal.append({ type: 'outcome', key: 'x', data: { verdict: 'pass' } });
  journal.close();
  const resumed = new MatrixJournal(path, 'a+');
  expect(resumed.readOutcome('x')).toEqual({ verdict: 'pass' });
  expect(resumed.readOutcome('y')).toBeUndefined();
  resumed.close();
});
