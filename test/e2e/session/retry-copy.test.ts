import { expect, test } from 'vitest';
import { NO_WAITING } from '../../support/sandbox.ts';
import { openTerminal } from '../../support/terminal.ts';

test('/retry MODEL uses that model once; /copy copies an earlier answer or the last code block; both have completion', async () => {
  const env = { ORX_SANDBOX: '1', ORX_SANDBOX_SPEED: String(NO_WAITING), TERM: 'xterm-256color' };
  const terminal = openTerminal(['chat'], { env, columns: 100, rows: 40 });
  const copies = (): string[] =>
    Array.from(terminal.raw().matchAll(/\u001b\]52;c;([A-Za-z0-9+/=]+)/g), ([, text]) => Buffer.from(text!, 'base64').toString());
  const copied = async (count: number): Promise<string> => {
    await terminal.until(() => copies().length === count);
    return copies().at(-1)!;
  };
  await terminal.waitFor('/ commands');
  terminal.type('write python code\r');
  await terminal.waitFor(/in → [^]*\/ commands/);
  terminal.type('hello\r');
  await terminal.waitFor(/hello[^]*in → [^]*\/ commands/);

  terminal.type('/copy ');
  await terminal.waitFor(/code +the last code block/);
  await terminal.waitFor(/2 +This is a simulated answer from the orx sandbox, not from DeepSeek V3\. Your prompt “write/);
  terminal.type('code\r');
  expect(await copied(1)).toMatch(/^from openai import OpenAI\n/);
  terminal.type('/copy 2\r');
  expect(await copied(2)).toContain('“write python code”');
  terminal.type('/copy\r');
  expect(await copied(3)).toContain('“hello”');
  terminal.type('/copy 3\r');
  await terminal.waitFor('there are only 2 answers');
  terminal.type('/copy x\r');
  await terminal.waitFor('/copy takes a number or code, not "x"');

  terminal.type('/retry ');
  await terminal.waitFor('the same model again');
  terminal.type('haiku 4.5');
  await terminal.waitFor('▸ anthropic/claude-haiku-4.5');
  terminal.type('\r');
  await terminal.waitFor('the next message goes to deepseek/deepseek-chat again');
  terminal.type('/copy\r');
  expect(await copied(4)).toContain('not from Claude Haiku 4.5');
  terminal.type('third\r');
  await terminal.waitFor(/“third”/);
  await terminal.waitFor(/“third”[^]*SANDBOX · deepseek-chat · DeepInfra/);
  terminal.type('\u0004');
  expect(await terminal.exit).toBe(0);
});
