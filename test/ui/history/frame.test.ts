import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { reduceBrowser, startBrowser } from '../../../src/core/conversation/browser/browser.ts';
import { pressBrowserKey } from '../../../src/core/conversation/browser/keys.ts';
import type { HistoryBrowser } from '../../../src/core/conversation/browser/state.ts';
import type { Conversation } from '../../../src/storage/conversations/conversations.ts';
import { historyFrame } from '../../../src/ui/history/frame.ts';
import { layoutHistory } from '../../../src/ui/history/layout.ts';
import { createPreviews, firstMatch } from '../../../src/ui/history/preview.ts';
import { createTheme } from '../../../src/output/text/theme.ts';
import { storedMessage } from '../../support/conversation-entries.ts';

const NOW = Date.parse('2026-11-24T15:30:00Z');
const HOSTILE = 'evil \u001b]0;owned\u0007\u001b[2J\u202edoc\nnext';
const PLAIN = createTheme('none', {}, {});
const CONVERSATIONS = ['Why does the pool hang?', HOSTILE, '空が青いのは短い波長の光が散乱されるから', 'Short'].map(
  (title, index): Conversation => ({
    id: `01k9abcde${index}`,
    title,
    model: index === 1 ? HOSTILE : 'anthropic/claude-sonnet-4.6',
    project: '/work',
    profile: 'default',
    createdAt: NOW,
    updatedAt: NOW - index * 86_400_000,
    messages: 2,
    cost: index === 3 ? undefined : `0.0012${index}`,
  }),
);
const FACTS = new Map(CONVERSATIONS.map((one) => [one.id, one]));

const press = (browser: HistoryBrowser, ...keys: readonly string[]): HistoryBrowser =>
  keys.reduce((now, key) => pressBrowserKey(now, [...key].length === 1 ? { name: key, text: key } : { name: key }), browser);

function frame(browser: HistoryBrowser, columns: number, rows: number, preview?: readonly string[]): string[] {
  const layout = layoutHistory(rows, columns);
  const shown = reduceBrowser(browser, { type: 'height', rows: layout.listRows });
  const view = {
    browser: shown,
    preview,
    facts: (id: string) => FACTS.get(id),
    isSearching: false,
    isSandbox: columns === 90,
    now: NOW,
  };
  return historyFrame(view, layout, columns).map((line) =>
    line
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );
}

const start = (): HistoryBrowser => startBrowser(CONVERSATIONS, '/work');

describe('historyFrame', () => {
  it('shows title, model, time and cost, and the preview below or next to it', () => {
    const below = frame(start(), 80, 20, ['you', 'why?']);
    expect(below[0]).toBe('  4 conversations');
    expect(below[1]).toBe('  › ▏titles and messages');
    expect(below[2]).toMatch(/^ ▸ Why does the pool hang\? +claude-sonnet-4\.6 +15:30 {2}\$0\.00120$/);
    expect(below[5]).toMatch(/^ {3}Short +claude-sonnet-4\.6 +2026-11-21 15:30 +–$/);
    expect(below).toContain('  you');
    expect(frame(start(), 90, 20)[0]).toBe('  SANDBOX · 4 conversations');
    const beside = frame(start(), 160, 12, ['you', 'why?']);
    expect(beside[2]).toMatch(/^ ▸ Why does the pool hang\? .*\$0\.00120 │ you$/);
    expect(frame(start(), 40, 20)[2]).toMatch(/^ ▸ Why does the pool hang\? +\$0\.00120$/);
  });

  it('asks before it deletes, and accepts a title', () => {
    expect(frame(press(start(), 'ctrl-d'), 80, 20)[1]).toMatch(
      /^ {2}! delete "Why does .*" permanently\? y deletes it, any other key keeps it$/,
    );
    expect(frame(press(start(), 'ctrl-r', '!'), 80, 20)[1]).toBe('  title: Why does the pool hang?!▏   ↵ save · esc cancel');
  });

  it('lists every key on ?', () => {
    const lines = frame(press(start(), '?'), 80, 30).join('\n');
    for (const words of ['resume the conversation', 'delete (asks first)', 'this project only', 'export as a Markdown file'])
      expect(lines).toContain(words);
  });

  it('says if nothing is found', () => {
    expect(frame(press(start(), ...'zzz'), 80, 20)[2]).toBe('   nothing found');
    expect(frame(startBrowser([], '/work'), 80, 20)[2]).toBe('   no conversations; start one: orx chat');
  });

  const keys = fc.constantFrom('up', 'down', 'end', 'tab', '?', 'ctrl-d', 'ctrl-r', 'x', 'ctrl-p', 'right', '日');
  const size = fc.record({ columns: fc.integer({ min: 2, max: 220 }), rows: fc.integer({ min: 2, max: 60 }) });

  it('stays smaller than a terminal of any size, without active characters', () => {
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 8 }), size, (pressed, { columns, rows }) => {
        const { previewWidth } = layoutHistory(rows, columns);
        const lines = frame(press(start(), ...pressed), columns, rows, ['x'.repeat(previewWidth), 'y']);
        expect(lines.length).toBeLessThan(Math.max(2, rows));
        for (const line of lines) expect(stringWidth(line)).toBeLessThan(Math.max(2, columns));
        // oxlint-disable-next-line no-control-regex -- control sequences are what this looks for
        expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
      }),
    );
  });
});

describe('the preview', () => {
  it('is the conversation as it will be opened, harmless, and no wider than requested', async () => {
    const messages = [
      storedMessage({ role: 'user', content: `needle ${HOSTILE}` }),
      storedMessage(
        { role: 'assistant', content: `# Title\n\nsome **bold** text ${HOSTILE} ${'word '.repeat(40)}` },
        { model: HOSTILE, cost: '0.001' },
      ),
    ];
    const rows = await new Promise<readonly string[]>((resolve) => {
      const previews = createPreviews({
        messages: () => messages,
        theme: PLAIN,
        onReady: () => resolve(previews.rows('01', 40)!),
      });
      expect(previews.rows('01', 40)).toBeUndefined();
    });
    expect(rows[0]).toBe('you');
    expect(rows.join('\n')).toContain('some bold text');
    for (const row of rows) {
      expect(stringWidth(row)).toBeLessThanOrEqual(40);
      // oxlint-disable-next-line no-control-regex -- control sequences are what this looks for
      expect(row).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    }
  });

  it('begins where the query matches', () => {
    expect(firstMatch(['one', '\u001b[1mthe Pool\u001b[22m hangs'], ['pool'])).toBe(1);
    expect(firstMatch(['one', 'two'], ['three'])).toBe(0);
    expect(firstMatch(['one'], [])).toBe(0);
  });
});
