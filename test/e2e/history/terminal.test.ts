import { describe, expect, test } from 'vitest';
import { openConversations } from '../../../src/storage/conversations/open-conversations.ts';
import { chunk, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { wireModel } from '../../support/catalogue.ts';
import { addTurn, finished, newConversation, NOW } from '../../support/conversation-entries.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal } from '../../support/terminal.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

describe('history on a terminal', () => {
  test.each([80, 120, 200])(
    'at %i columns keeps every line within the screen, with the title and a usable id',
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
      const list = openTerminal(['history', '--static'], { columns, home });
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
    '%s: is stored turn by turn; a prompt that does not fit is not sent, and turns are dropped on request',
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
      // One token in few letters, because Node's line editor measures the whole line at every letter.
      for (const [index, name] of ['first', 'second'].entries()) {
        terminal.type(`${name} ${'w '.repeat(1300)}\r`);
        await expect.poll(() => sent().length).toBe(index + 1);
        await expect.poll(async () => (await terminal.everything()).join('').split('noted.').length).toBe(index + 2);
      }
      // Estimated as too long, although text can take fewer tokens than the estimate.
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

describe('the conversation browser', () => {
  test('searches titles and messages, previews, renames, deletes, exports, and resumes a conversation', async () => {
    const server = await startApiServer((request, response) => {
      if (request.url.includes('/chat/completions')) return sendPieces(response, [chunk({ content: 'a new answer' })]);
      return sendJson(response, 200, { data: [wireModel('deepseek/deepseek-chat')] });
    });
    const home = tempFolder();
    const place = { folder: join(home, 'data'), name: 'conversations', now: () => NOW };
    const store = await openConversations(place);
    for (const [index, title] of ['Sky and light', 'The pool hangs', 'Evil \u001b]0;owned\u0007\u001b[2J title'].entries()) {
      const conversation = newConversation(`01k9abcde${index}`, {
        title,
        model: 'deepseek/deepseek-chat',
        createdAt: NOW + index,
      });
      addTurn(
        store,
        conversation,
        `question about ${title}`,
        finished(index === 0 ? 'It is **Rayleigh** scattering.' : 'An answer.'),
      );
    }
    store.close();
    const env = { OPENROUTER_BASE_URL: server.url, OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef' };
    const run = openTerminal(['history', '--retries', '0'], { home, columns: 80, rows: 20, env });
    await run.waitFor(/3 conversations[^]*▸[^]*you\n/);
    // A word of an answer; the preview shows the rendered Markdown.
    run.type('rayl');
    await run.waitFor(/1 of 3 conversations[^]*▸ Sky and light[^]*It is Rayleigh scattering\./);
    run.type('\u0012');
    await run.waitFor('title: Sky and light▏');
    run.type('\u0015Blue\r');
    await run.waitFor('▸ Blue ');
    run.type('\u0005');
    await run.waitFor(/saved .*conversation-01k9abcde0\.md/);
    expect(readFileSync(join(home, 'conversation-01k9abcde0.md'), 'utf8')).toMatch(/^# Blue\n[^]*\*\*Rayleigh\*\*/);
    run.type('\u0015');
    await run.waitFor('3 conversations');
    run.type('evil');
    await run.waitFor('1 of 3');
    run.type('\u0004');
    await run.waitFor(/! delete "Evil .*\? y deletes it/);
    run.type('n');
    await run.waitFor('1 of 3');
    run.type('\u0004');
    await run.waitFor('y deletes it');
    run.type('y');
    await run.waitFor('0 of 2');
    run.type('\u0015');
    await run.waitFor('2 conversations');
    await run.resize(120, 12);
    await run.waitFor(/▸ .* │ you/);
    run.type('blue');
    await run.waitFor('1 of 2');
    run.type('\r');
    await run.waitFor(/Rayleigh[^]*› *\n/);
    run.type('and then?\r');
    await run.waitFor('a new answer');
    run.type('\u0004');
    expect(await run.exit).toBe(0);
    const asked = server.requests.find(({ url }) => url.includes('/chat/completions'))!.json() as { messages: unknown[] };
    expect(asked.messages).toHaveLength(3);
    // A stored title changed neither the window title nor the screen.
    expect(run.raw()).not.toMatch(/\u001b\]0;owned|\u001b\[[23]J/);
    const after = await openConversations(place);
    expect(after.list({}).map(({ title }) => title)).toEqual(['Blue', 'The pool hangs']);
    after.close();
  });

  test.each([
    ['a screen reader', ['history', '--screen-reader'], {}],
    ['a dumb terminal', ['history'], { TERM: 'dumb' }],
    ['--limit', ['history', '--limit', '5'], {}],
    ['-o text', ['history', '-o', 'text'], {}],
  ])('for %s prints the list', async (_, args, env) => {
    const home = tempFolder();
    const store = await openConversations({ folder: join(home, 'data'), name: 'conversations', now: () => NOW });
    addTurn(store, newConversation('01k9abcde0', { title: 'Sky and light' }), 'why?', finished('so'));
    store.close();
    const run = openTerminal([...args], { home, env });
    expect(await run.exit).toBe(0);
    expect((await run.everything()).join('\n')).toMatch(/conversation +id +changed[^]*Sky and light/);
    expect(run.raw()).not.toContain('\u001b[?1049h');
  });
});
