import { appendFileSync, chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDecisions } from '../../../src/storage/decisions/decision-file.ts';
import { parseDecision, type StoredVerdict, type StoredVote } from '../../../src/storage/decisions/records.ts';
import { tempFolder } from '../../support/temp-home.ts';

const lanes = [
  { name: 'a/one', model: 'a/one' },
  { name: 'b/two', model: 'b/two' },
];
const VOTE: StoredVote = {
  type: 'vote',
  version: 1,
  at: 5,
  prompt: 'hash',
  lanes,
  slots: [1, 0],
  choice: { best: 1 },
  shownMs: 900,
  orx: '0.1.0',
};
const VERDICT: StoredVerdict = {
  type: 'verdict',
  version: 1,
  at: 6,
  prompt: 'hash',
  judge: 'j/judge',
  lanes,
  games: [
    { shownFirst: 0, verdict: 'A' },
    { shownFirst: 1, verdict: 'unreadable' },
  ],
  winner: 'undecided',
  orx: '0.1.0',
};

describe('votes and verdicts', () => {
  test('are stored apart, in private files, and read in order', async () => {
    const folder = join(tempFolder(), 'data');
    const store = openDecisions({ folder, suffix: '' });
    expect(await store.votes()).toMatchObject({ decisions: [], skipped: 0 });
    store.addVote(VOTE);
    store.addVote({ ...VOTE, choice: 'bad' });
    store.addVerdicts([VERDICT, VERDICT]);
    expect((await store.votes()).decisions).toEqual([VOTE, { ...VOTE, choice: 'bad' }]);
    expect((await store.verdicts()).decisions).toEqual([VERDICT, VERDICT]);
    for (const name of ['votes.jsonl', 'verdicts.jsonl']) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect((await openDecisions({ folder, suffix: '-sandbox' }).votes()).decisions).toEqual([]);
  });

  test('a line that was cut off is skipped and counted, and the next vote is complete', async () => {
    const folder = tempFolder();
    const store = openDecisions({ folder, suffix: '' });
    store.addVote(VOTE);
    appendFileSync(join(folder, 'votes.jsonl'), JSON.stringify(VOTE).slice(0, 40));
    store.addVote(VOTE);
    appendFileSync(join(folder, 'votes.jsonl'), `${JSON.stringify(VERDICT)}\n\n[]\n`);
    expect(await store.votes()).toMatchObject({ decisions: [VOTE, VOTE], skipped: 3 });
  });

  test('a file that cannot be read or written is an error, not an empty board', async () => {
    const folder = tempFolder();
    mkdirSync(join(folder, 'votes.jsonl'));
    const store = openDecisions({ folder, suffix: '' });
    await expect(store.votes()).rejects.toMatchObject({ code: 'decisions-unreadable' });
    expect(() => store.addVote(VOTE)).toThrow(/cannot store the vote/);
  });

  test('an existing file loses the permissions of others', () => {
    const folder = tempFolder();
    const path = join(folder, 'votes.jsonl');
    writeFileSync(path, '');
    chmodSync(path, 0o644);
    openDecisions({ folder, suffix: '' }).addVote(VOTE);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toBe(`${JSON.stringify(VOTE)}\n`);
  });

  test.each([
    ['another version', { ...VOTE, version: 2 }],
    ['one lane', { ...VOTE, lanes: lanes.slice(1) }],
    ['the same lane twice', { ...VOTE, lanes: [lanes[0], lanes[0]] }],
    ['a lane without a name', { ...VOTE, lanes: [lanes[0], { model: 'x' }] }],
    ['a choice that was not shown', { ...VOTE, choice: { best: 2 } }],
    ['an unknown choice', { ...VOTE, choice: 'none' }],
    ['a verdict of three lanes', { ...VERDICT, lanes: [...lanes, { name: 'c', model: 'c' }] }],
    ['an unknown winner', { ...VERDICT, winner: 'third' }],
    ['a verdict without a judge', { ...VERDICT, judge: undefined }],
    ['another type', { ...VOTE, type: 'note' }],
    ['no object', 'text'],
  ])('%s is no decision', (_, value) => {
    expect(parseDecision(JSON.stringify(value))).toBeUndefined();
  });
});
