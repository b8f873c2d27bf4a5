import { expect, test } from 'vitest';
import { newGate, sendJson, startApiServer } from '../../support/api-server.ts';
import { wireModel } from '../../support/catalogue.ts';
import { openChatTerminal } from '../../support/chat-terminal.ts';
import { runOrx } from '../../support/run-orx.ts';
import { NO_WAITING } from '../../support/sandbox.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal } from '../../support/terminal.ts';

test('the status line shows the cost of the typed message and the rest of a budget; Ctrl-L redraws it', async () => {
  const home = tempFolder();
  const env = { ORX_SANDBOX: '1', ORX_SANDBOX_SPEED: String(NO_WAITING) };
  await runOrx(['budget', 'add', '--day', '0.1'], { home, env });
  await runOrx(['budget', 'add', '--month', '100'], { home, env });
  const terminal = openTerminal(['chat', '-m', 'openai/gpt-4o'], { home, env, columns: 120, rows: 30 });
  const status = async (): Promise<string[]> => (await terminal.screen()).filter((line) => line.startsWith('  SANDBOX · gpt-4o'));
  await terminal.waitFor('SANDBOX · gpt-4o · $0 so far · $0.100 left today');
  expect(await status()).toEqual([expect.not.stringContaining('to send')]);

  terminal.type('a question of a few words');
  // Six words and the message's overhead, at 2.50 per million.
  await terminal.waitFor(/SANDBOX · gpt-4o · ≈ \$0\.00002\d+ to send · \$0 so far · \$0\.100 left today/);
  terminal.type(' and some more of them to make it longer'.repeat(20));
  await terminal.waitFor(/≈ \$0\.000\d+ to send/);
  terminal.type('\u0015');
  await expect.poll(status).toEqual([expect.not.stringContaining('to send')]);

  terminal.type('hello\r');
  await terminal.waitFor(/SANDBOX · gpt-4o · OpenAI[^]*SANDBOX · gpt-4o · \$0\.00\d+ so far · \$0\.09\d+ left today/);
  terminal.type('second');
  await terminal.waitFor('to send');
  for (const columns of [80, 60, 40, 120]) {
    await terminal.resize(columns, 30);
    await expect.poll(async () => (await status()).length).toBe(1);
    expect((await status())[0]!.length).toBeLessThan(columns);
  }

  terminal.type('\u000c');
  await expect.poll(async () => (await status()).length).toBe(1);
  terminal.type(' third');
  await terminal.waitFor('› second third');

  terminal.type('\u0015\u0004');
  expect(await terminal.exit).toBe(0);
});

test('prices that arrive after the message was typed show its cost', async () => {
  const model = 'deepseek/deepseek-chat';
  const gate = newGate();
  const server = await startApiServer(async (_, response) => {
    await gate.opened;
    sendJson(response, 200, { data: [wireModel(model)] });
  });
  const terminal = openChatTerminal(server, ['-m', model], { columns: 120 });
  await terminal.waitFor('so far');
  terminal.type('a question');
  await terminal.waitFor('› a question');
  // Longer than the pause after which the cost is estimated. On a busy machine the prices may still arrive before it.
  await new Promise((resolve) => setTimeout(resolve, 400));
  gate.open();
  await terminal.waitFor(/≈ \$0\.0000\d+ to send/);
  terminal.type('\u0015\u0004');
  expect(await terminal.exit).toBe(0);
});
