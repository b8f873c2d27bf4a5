import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currentConversation, reduceBrowser, startBrowser } from '../../../src/core/conversation/browser/browser.ts';
import { BROWSER_BINDINGS, pressBrowserKey } from '../../../src/core/conversation/browser/keys.ts';
import type { HistoryBrowser } from '../../../src/core/conversation/browser/state.ts';

const TITLES = ['The pool hangs', 'Café in Paris', 'Why is the sky blue?', 'Pool party', 'A trace of errors'].map(
  (title, index) => ({
    id: `01k9abcde${index}`,
    title,
    model: index === 2 ? 'openai/gpt-4o' : 'deepseek/deepseek-chat',
    project: index < 3 ? '/work' : '/other',
    updatedAt: 1000 - index,
  }),
);

const start = (): HistoryBrowser => reduceBrowser(startBrowser(TITLES, '/work'), { type: 'height', rows: 3 });
/** Presses keys given by name, or types text. */
const press = (browser: HistoryBrowser, ...keys: readonly string[]): HistoryBrowser =>
  keys.reduce((now, key) => pressBrowserKey(now, [...key].length === 1 ? { name: key, text: key } : { name: key }), browser);
const type = (browser: HistoryBrowser, text: string): HistoryBrowser => press(browser, ...text);
const titles = ({ rows }: HistoryBrowser): string[] => rows.map(({ title }) => title);

describe('the search', () => {
  it('finds titles immediately, in any word order, ignoring case and accents, and models and ids', () => {
    expect(titles(type(start(), 'pool'))).toEqual(['The pool hangs', 'Pool party']);
    expect(titles(type(start(), 'party POOL'))).toEqual(['Pool party']);
    expect(titles(type(start(), 'cafe'))).toEqual(['Café in Paris']);
    expect(titles(type(start(), 'gpt-4o'))).toEqual(['Why is the sky blue?']);
    expect(titles(type(start(), '01k9abcde4'))).toEqual(['A trace of errors']);
  });

  it('adds matches in messages once they are known, keeps the cursor on its conversation, and ignores answers to an older query', () => {
    const typed = press(type(start(), 'pool'), 'down');
    const found = reduceBrowser(typed, { type: 'matches', query: 'pool', ids: new Set([TITLES[2]!.id]) });
    expect(titles(found)).toEqual(['The pool hangs', 'Why is the sky blue?', 'Pool party']);
    expect(currentConversation(found)?.title).toBe('Pool party');
    expect(reduceBrowser(typed, { type: 'matches', query: 'po', ids: new Set([TITLES[4]!.id]) })).toBe(typed);
    // A longer query matches no more than a shorter one until the search runs; a different query may match more.
    expect(titles(type(found, ' hangs'))).toEqual(['The pool hangs', 'Why is the sky blue?']);
    expect(titles(press(found, 'ctrl-u', 'z'))).toEqual([]);
  });

  it('Esc clears the query before it leaves the browser', () => {
    const browser = press(type(start(), 'pool'), 'escape');
    expect([browser.query, browser.rows.length, browser.outcome]).toEqual(['', 5, undefined]);
    expect(press(browser, 'escape').outcome).toEqual({ type: 'leave' });
  });
});

describe('keys', () => {
  it('letters are commands after Tab, and / returns to the search', () => {
    expect(press(start(), 'tab', 'j', 'j').cursor).toBe(2);
    expect(press(start(), 'tab', 'q').outcome).toEqual({ type: 'leave' });
    expect(press(start(), 'tab', '/', 'q').query).toBe('q');
    expect(press(start(), '?').pane).toBe('help');
    expect(press(start(), 'a', '?').query).toBe('a?');
  });

  it('Enter resumes the conversation, and nothing happens after that', () => {
    const resumed = press(start(), 'down', 'return');
    expect(resumed.outcome).toEqual({ type: 'resume', id: TITLES[1]!.id });
    expect(press(resumed, 'escape', 'x')).toBe(resumed);
    expect(press(type(start(), 'nothing'), 'return').note).toBe('there is no conversation to choose');
  });

  it('deletes only after an explicit yes', () => {
    const asked = press(start(), 'ctrl-d');
    expect([asked.pane, asked.task]).toEqual(['delete', undefined]);
    for (const key of ['n', 'return', 'escape', 'ctrl-d', ' '])
      expect(press(asked, key)).toMatchObject({ pane: 'list', task: undefined });
    const yes = press(asked, 'y');
    expect(yes.task).toEqual({ type: 'delete', id: TITLES[0]!.id });
    const gone = reduceBrowser(yes, { type: 'deleted', id: TITLES[0]!.id });
    expect([titles(gone).length, currentConversation(gone)?.title, gone.task]).toEqual([4, 'Café in Paris', undefined]);
  });

  it('renames only to a non-empty title', () => {
    const renaming = press(start(), 'ctrl-r');
    expect([renaming.pane, renaming.draft]).toEqual(['rename', 'The pool hangs']);
    expect(press(renaming, 'ctrl-u', 'return').note).toBe('a title has to say something');
    const named = press(type(press(renaming, 'ctrl-u'), 'New  one?'), 'return');
    expect(named).toMatchObject({ pane: 'list', query: '', task: { type: 'rename', id: TITLES[0]!.id, title: 'New one?' } });
    expect(titles(reduceBrowser(named, { type: 'renamed', id: TITLES[0]!.id, title: 'New one?' }))[0]).toBe('New one?');
    expect(press(renaming, 'x', 'escape')).toMatchObject({ pane: 'list', task: undefined, outcome: undefined });
  });

  it('shows one project, or all', () => {
    const here = press(start(), 'ctrl-p');
    expect(titles(here)).toEqual(TITLES.slice(0, 3).map(({ title }) => title));
    expect(titles(press(here, 'ctrl-p'))).toHaveLength(5);
  });

  it('requests an export and the id, once each', () => {
    expect(press(start(), 'ctrl-e').task).toEqual({ type: 'export', id: TITLES[0]!.id });
    expect(press(start(), 'ctrl-y').task).toEqual({ type: 'copy', id: TITLES[0]!.id });
    expect(press(start(), 'ctrl-y', 'down').task).toBeUndefined();
  });

  it('every key is bound once', () => {
    const keys = BROWSER_BINDINGS.flatMap((binding) => binding.keys ?? []);
    const letters = BROWSER_BINDINGS.flatMap((binding) => binding.letters ?? []);
    expect([new Set(keys).size, new Set(letters).size]).toEqual([keys.length, letters.length]);
  });

  it('the cursor stays within the rows and the window, for any keys', () => {
    const names = [
      'up',
      'down',
      'pageup',
      'pagedown',
      'home',
      'end',
      'ctrl-p',
      'ctrl-d',
      'ctrl-u',
      'backspace',
      'tab',
      'y',
      'p',
      '?',
      'right',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...names), { maxLength: 30 }), fc.integer({ min: 1, max: 8 }), (pressed, rows) => {
        const browser = press(reduceBrowser(start(), { type: 'height', rows }), ...pressed);
        const { cursor, top, height } = browser;
        expect(cursor).toBeGreaterThanOrEqual(0);
        expect(cursor).toBeLessThan(Math.max(1, browser.rows.length));
        expect(cursor >= top && cursor < top + height).toBe(true);
      }),
    );
  });
});
