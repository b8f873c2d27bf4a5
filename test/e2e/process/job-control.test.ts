import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openConversations } from '../../../src/storage/conversations/open-conversations.ts';
import { addTurn, newConversation, NOW } from '../../support/conversation-entries.ts';
import { someUsage, homeWithUsage } from '../../support/usage-home.ts';
import { openTerminal } from '../../support/terminal.ts';

const ENTER = '\u001b[?1049h';
const LEAVE = '\u001b[?1049l';
const CTRL_L = '\u000c';
const CTRL_Z = '\u001a';

/** Every view on the terminal's alternate screen: how to open it, what it shows, and the key that leaves it. */
const VIEWS: readonly [string, readonly string[], RegExp, string][] = [
  ['models', ['models'], /models, .* old[^]*deepseek\/deepseek-chat/, '\u001b'],
  ['history', ['history'], /1 conversation[^]*▸ why\?/, '\u001b'],
  ['usage', ['usage'], /last 30 days[^]*claude-sonnet/, 'q'],
  ['serve', ['serve', '--port', '0'], /orx serve SANDBOX[^]*requests/, 'q'],
  ['compare', ['compare', 'why?', '-m', 'deepseek/deepseek-chat,openai/gpt-4o'], /2 lanes[^]*esc stop/, '\u001b'],
];

describe('on the alternate screen', () => {
  test.each(VIEWS)(
    '%s is suspended by Ctrl-Z, continues in a window of another size, and is redrawn by Ctrl-L',
    async (...view) => {
      const [, args, seen, leave] = view;
      const home = await homeWithUsage(someUsage(Date.now()));
      // Slow enough for the comparison to run all the time.
      const env = { ORX_SANDBOX_SPEED: '0.01' };
      const store = await openConversations({ folder: join(home, 'data'), name: 'conversations-sandbox', now: () => NOW });
      addTurn(store, newConversation('01k9abcde0', { title: 'why?' }), 'why?');
      store.close();
      const run = openTerminal(['--sandbox', ...args], { home, columns: 100, rows: 20, env, isAlone: true });
      await run.waitFor(seen);
      run.type(CTRL_Z);
      // Output from before the stop may arrive a moment later.
      await run.until(() => run.isStopped() && run.raw().endsWith('\u001b[?25h'));
      expect(run.raw().split(LEAVE)).toHaveLength(2);
      await run.resize(60, 24);
      run.kill('SIGCONT');
      await run.until(() => run.raw().split(ENTER).length === 3);
      await run.waitFor(seen);
      const widest = async (): Promise<number> => Math.max(...(await run.screen()).map((line) => line.length));
      await expect.poll(widest).toBeLessThan(60);
      const before = run.raw().length;
      run.type(CTRL_L);
      await run.until(() => run.raw().slice(before).includes('\u001b[H\u001b[J'));
      expect((await run.screen()).join('\n')).toMatch(seen);
      run.type(leave);
      await run.exit;
      expect(run.raw().split(LEAVE)).toHaveLength(3);
      expect(run.raw().lastIndexOf('\u001b[?25h')).toBeGreaterThan(run.raw().lastIndexOf('\u001b[?25l'));
    },
  );
});
