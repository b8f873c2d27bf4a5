import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OrxError } from '../../../src/errors.ts';
import { createTheme } from '../../../src/output/text/theme.ts';
import { createAnswerFeed } from '../../../src/ui/chat/answer-feed.ts';

const OPTIONS = { showReasoning: true, monotonic: () => 0 };

test('finished rows are final, the open row is the tail', () => {
  const feed = createAnswerFeed(20, OPTIONS);
  expect(feed.take()).toEqual({ rows: [], tail: [] });
  expect(feed.hasStarted()).toBe(false);
  feed.see({ type: 'text-delta', text: 'one line\nand the be' });
  expect(feed.take()).toEqual({ rows: ['one line'], tail: ['and the be'] });
  feed.see({ type: 'text-delta', text: 'ginning of a longer one' });
  // The tail is that of the rows on the screen until the text is read.
  expect(feed.tail()).toEqual(['and the be']);
  expect(feed.take()).toEqual({ rows: ['and the beginning of'], tail: ['a longer one'] });
  expect(feed.hasStarted()).toBe(true);
});

test('the last rows of reasoning are visible while it arrives, and one line once the answer begins', () => {
  let now = 0;
  const feed = createAnswerFeed(40, { showReasoning: true, monotonic: () => now });
  for (let line = 1; line <= 9; line += 1) feed.see({ type: 'reasoning-delta', text: `thought ${line}\n` });
  expect(feed.take()).toEqual({
    rows: [],
    tail: ['thought 6', 'thought 7', 'thought 8', 'thought 9'],
  });
  now = 6200;
  feed.see({ type: 'text-delta', text: 'so' });
  feed.end();
  expect(feed.takeRows()).toEqual(['▸ reasoned for 6 s (about 36 tokens)', '', 'so']);
});

test('reasoning without an answer is shown completely, and none if it is off', () => {
  const feed = createAnswerFeed(40, OPTIONS);
  for (let line = 1; line <= 9; line += 1) feed.see({ type: 'reasoning-delta', text: `thought ${line}\n` });
  feed.end();
  expect(feed.takeRows()).toEqual(Array.from({ length: 9 }, (_, index) => `thought ${index + 1}`));
  const silent = createAnswerFeed(40, { ...OPTIONS, showReasoning: false });
  silent.see({ type: 'reasoning-delta', text: 'hm' });
  expect(silent.take()).toEqual({ rows: [], tail: [] });
  expect(silent.hasStarted()).toBe(false);
});

test('an answer keeps all its words, however it is cut and however the screen changes', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', '日', 'é', '\u001b'), minLength: 1, maxLength: 12 });
  const step = fc.oneof(
    fc.record({ text: fc.array(word, { maxLength: 8 }).map((words) => `${words.join(' ')} `) }),
    fc.record({ width: fc.integer({ min: 10, max: 60 }) }),
    fc.constant({ text: '\n' }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const feed = createAnswerFeed(30, OPTIONS);
      let source = '';
      const rows: string[] = [];
      for (const change of steps) {
        if ('text' in change) {
          source += change.text;
          feed.see({ type: 'text-delta', text: change.text });
        } else {
          feed.resize(change.width);
        }
        rows.push(...feed.take().rows);
      }
      feed.end();
      rows.push(...feed.takeRows());
      expect(rows.join('').replaceAll(/\s/g, '')).toBe(source.replaceAll(/\s/g, '').replaceAll('\u001b', '␛'));
    }),
  );
});

test('an answer that another model starts again follows a warning', async () => {
  const feed = createAnswerFeed(60, { ...OPTIONS, isMarkdown: true });
  feed.see({ type: 'text-delta', text: '```js\nhalf' });
  const error = new OrxError('cut \u001b[2J off', { kind: 'network' });
  feed.see({ type: 'fallback', model: 'a/one', next: 'b/two', error });
  await feed.see({ type: 'fallback', model: 'a/one', next: 'b/two', error, restarts: true });
  feed.see({ type: 'text-delta', text: 'whole' });
  feed.end();
  const rows = feed.takeRows();
  expect(rows.join('\n')).toContain('half');
  expect(rows.join(' ')).toMatch(/warning: a\/one failed: cut \S+ off: b\/two answers from the\s+beginning {2}whole$/);
  expect(rows.join('')).not.toContain('\u001b');
});

test('code is colored although nothing follows the text that starts it', async () => {
  const theme = createTheme('dark', { isTTY: true }, {});
  const feed = createAnswerFeed(60, { ...OPTIONS, theme, isMarkdown: true });
  feed.see({ type: 'text-delta', text: '```js\nreturn 1\n```\n' });
  expect(feed.take().rows).toEqual([theme.paint(['dim'], 'js')]);
  await feed.waiting();
  expect(feed.take()).toEqual({ rows: [`  ${theme.paint(['keyword'], 'return')} ${theme.paint(['number'], '1')}`], tail: [] });
  feed.see({ type: 'text-delta', text: '```py\nreturn' });
  await feed.end();
  expect(feed.takeRows().at(-1)).toBe(`  ${theme.paint(['keyword'], 'return')}`);
});
