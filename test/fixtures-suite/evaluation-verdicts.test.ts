import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readVerdict } from '../../src/core/judge/read-verdict.ts';

/** Verdicts that five judges really gave on LLMBar's pairs, in both orders, and how their authors read them. */
const FOLDER = join(fileURLToPath(new URL('../../../shared/fixtures', import.meta.url)), 'evaluation/judge');
const isPresent = existsSync(FOLDER);
if (!isPresent) console.warn('skipped: the recorded verdicts are not beside this project (../shared/fixtures/evaluation/judge)');

const lines = <T>(name: string): T[] =>
  readFileSync(join(FOLDER, name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

interface RecordedPair {
  set: string;
  judge: string;
  straight: { text: string; winner: string | null };
  swapped: { text: string; winner: string | null };
  gold: string;
}

/** Returns which output a judge preferred; `swapped`: output 2 was shown first. */
function winnerOf(text: string, isSwapped: boolean): string | null {
  const verdict = readVerdict(text);
  if (verdict === undefined) return null;
  return (verdict === 'A') === isSwapped ? '2' : '1';
}

describe.skipIf(!isPresent)('recorded verdicts', () => {
  test('all pairs are read as their authors read them, with the same consistency', () => {
    const pairs = lines<RecordedPair>('llmbar-verdicts.jsonl');
    expect(pairs).toHaveLength(2024);
    const counts: Record<string, { wins_1: number; wins_2: number; ties: number; unreadable: number }> = {};
    for (const { set, judge, straight, swapped } of pairs) {
      const [one, other] = [winnerOf(straight.text, false), winnerOf(swapped.text, true)];
      expect([one, other]).toEqual([straight.winner, swapped.winner]);
      const count = (counts[`${set}/${judge}`] ??= { wins_1: 0, wins_2: 0, ties: 0, unreadable: 0 });
      count[one === null || other === null ? 'unreadable' : one !== other ? 'ties' : one === '1' ? 'wins_1' : 'wins_2'] += 1;
    }
    const { sets } = JSON.parse(readFileSync(join(FOLDER, 'llmbar-verdicts.expected.json'), 'utf8')) as {
      sets: Record<string, { wins_1: number; wins_2: number; ties: number; unreadable: number }>;
    };
    for (const [name, count] of Object.entries(counts)) expect(sets[name]).toMatchObject(count);
    expect(Object.keys(counts)).toHaveLength(Object.keys(sets).length);
  });

  test('verdicts at the end of reasoning are read', () => {
    const replies = lines<{ text: string; slot: 'a' | 'b' | null }>('reasoned-verdict-texts.jsonl');
    expect(replies).toHaveLength(231);
    const different = replies.filter(({ text, slot }) => (readVerdict(text)?.toLowerCase() ?? null) !== slot);
    // Their authors read "a" here, although the first words and the last verdict are "Output (b) is better".
    expect(different.filter(({ text, slot }) => !(slot === 'a' && text.startsWith('Output (b) is better.')))).toEqual([]);
    expect(different).toHaveLength(9);
  });
});
