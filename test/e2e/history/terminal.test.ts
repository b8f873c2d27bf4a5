import { describe, expect, test } from 'vitest';
import { openConversations } from '../../../src/storage/conversations/open-conversations.ts';
import { chunk, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { wireModel } from '../../support/catalogue.ts';
import { addTurn, finished, newConversation, NOW } from '../../support/conversation-entries.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal } from '../../support/terminal.ts';
import { join } from 'node:path';

describe('history on a terminal', () => {
  test.each([80, 120, 200])(
    'at %i columns keeps every line within the screen, the title and a usable id on it',
    async (columns) => {
      const home = tempFolder();
      const store = await openConversations({ folder: join(home, 'data'), name: 'conversations', now: () => NOW });
      for (let index = 0; index < 3; index += 1) {
        const title = `${index} 中文字符 a question that is rather long and goes on and on, so that it has to be cut somewhere`;
        addTurn(
          store,
          newConversation(`01k9abcde${index}xyzxyzxyz`, { title, model: 'anthropic/claude-sonnet-4.6' }),
          `needle ${title.repeat(3)}`,
          finished('–'),
        );
      }
      store.close();
      const list = openTerminal(['history'], { columns, home });
      expect(await list.exit).toBe(0);
      const lines = (await list.everything()).filter((line) => line !== '');
      expect(lines).toHaveLength(4);
      for (const [index, line] of lines.slice(1).entries()) {
        expect(line).toContain(`  ${2 - index} 中文字符 a question`);
        expect(line).toContain(`01k9abcde${2 - index}`);
      }
      const search = openTerminal(['history', 'search', 'needle'], { columns, home });
      expect(await search.exit).toBe(0);
      const hit = (await search.everything()).join('\n');
      expect(hit.match(/01k9abcde\d · \d 中文字符/g)).toHaveLength(3);
      expect(search.raw()).toMatch(/\u001b\[33mneedle/);
      const show = openTerminal(['history', 'show', '01k9abcde1'], { columns, home, env: { NO_COLOR: '1' } });
      expect(await show.exit).toBe(0);
      expect(show.raw()).not.toContain('\u001b');
      expect((await show.everything()).join('\n')).toContain('\nyou\nneedle 1');
    },
  );
});

describe('a conversation on a terminal', () => {
  test.each(['drawn', 'plain'])(
    '%s: is stored as it goes; what does not fit is not sent, and turns are left out when asked to',
    async (kind) => {
      const home = tempFolder();
      const models = { data: [wireModel('test/model', {}, { context_length: 3000, top_provider: { context_length: 3000 } })] };
      const plain = [
        chunk({ role: 'assistant', content: 'noted.' }),
        chunk({ content: '' }, {}, { finish_reason: 'stop' }),
        'data: [DONE]\n\n',
      ];
      const server = await startApiServer((request, response) =>
        request.url.includes('/models') ? sendJson(response, 200, models) : sendPieces(response, plain),
      );
      const env = {
        OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef',
        OPENROUTER_BASE_URL: server.url,
        ORX_MODEL: 'test/model',
        ORX_RETRIES: '0',
      };
      const sent = () =>
        server.requests.filter(({ method }) => method === 'POST').map((request) => request.json().messages.length as number);
      const args = kind === 'plain' ? ['chat', '--screen-reader'] : ['chat'];
      const terminal = openTerminal(args, { home, env, columns: 120, rows: 40 });
      await terminal.waitFor('›');
      // A token each in few letters: Node's line editor measures all of a line at every letter that comes.
      for (const [index, name] of ['first', 'second'].entries()) {
        terminal.type(`${name} ${'w '.repeat(1300)}\r`);
        await expect.poll(() => sent().length).toBe(index + 1);
        await expect.poll(async () => (await terminal.everything()).join('').split('noted.').length).toBe(index + 2);
      }
      // Estimated as too long, but text can take fewer tokens than that.
      terminal.type(`third ${'w '.repeat(1300)}\r`);
      await terminal.waitFor('warning: this may not fit: about');
      await expect.poll(() => sent().length).toBe(3);
      await expect.poll(async () => (await terminal.everything()).join('').split('noted.').length).toBe(4);
      terminal.type(`fourth ${'w '.repeat(2400)}\r`);
      await terminal.waitFor('warning: not sent: about');
      expect(sent()).toEqual([1, 3, 5]);
      terminal.type('/compact drop\r');
      await terminal.waitFor(/no longer sent: the oldest \d of 3 turns/);
      terminal.type('\u001b[A\u001b[A\r');
      await expect.poll(() => sent().length).toBe(4);
      expect(sent()[3]).toBeLessThan(7);
      terminal.type('\u0004');
      expect(await terminal.exit).toBe(0);
      const once = openTerminal(['chat', '-c', `fifth ${'w '.repeat(2400)}`], { home, env });
      await once.waitFor(/\d oldest turns?\? \[y\/N\]/);
      once.type('y\r');
      expect(await once.exit).toBe(0);
      expect(sent()[4]).toBeLessThan(sent()[3]! + 2);
      const store = await openConversations({ folder: join(home, 'data'), name: 'conversations', now: Date.now });
      const [conversation] = store.list({});
      expect(conversation).toMatchObject({ messages: 10, model: 'test/model' });
      expect(conversation?.title).toMatch(/^first w w/);
      store.close();
    },
  );
});
