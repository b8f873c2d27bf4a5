import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isDrawnChat } from '../../../src/cli/start/waiting-line.ts';
import { chatEnvironment } from '../../support/chat-terminal.ts';
import { chunk, startApiServer } from '../../support/api-server.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal as open, type TerminalOptions, type TerminalRun } from '../../support/terminal.ts';

const LINE = '⠋ starting';

test.each([
  [['chat', 'hi'], true],
  [['chat', 'hi', '-m', 'a/model', '-q'], true],
  [['why is the sky blue?'], true],
  [['hi'], false],
  [['chat'], false],
  [['chat', '-m', 'a/model'], false],
  [['chat', '-'], false],
  [['chat', 'hi', '--json'], false],
  [['chat', 'hi', '--dry-run'], false],
  [['chat', 'hi', '-x'], false],
  [['chat', 'hi', '-e'], false],
  [['chat', 'hi', '--help'], false],
  [['history', 'show'], false],
])('%j is answered on the screen: %s', (args, is) => {
  expect(isDrawnChat(args)).toBe(is);
});

// Only a process of its own starts as for a user.
const openTerminal = (args: readonly string[], options: TerminalOptions): TerminalRun =>
  open(args, { ...options, isAlone: true });

const silentServer = () =>
  startApiServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk({ content: 'the first words\n\n' }));
  });

describe('the line that orx writes before it has loaded', () => {
  test('is there, and is gone before anything else is drawn', async () => {
    const run = openTerminal(['--sandbox', 'chat', 'hi'], { env: { ORX_SANDBOX_SPEED: '100000' } });
    expect(await run.exit).toBe(0);
    expect(run.raw()).not.toContain(LINE);
    const again = openTerminal(['chat', '--sandbox', 'hi'], { env: { ORX_SANDBOX_SPEED: '100000' } });
    expect(await again.exit).toBe(0);
    expect(again.raw().startsWith(`\u001b[?25l${LINE}\r\u001b[K\u001b[?25h`)).toBe(true);
    expect((await again.everything()).join('\n')).not.toContain(LINE);
  });

  test('is gone before an error', async () => {
    const run = openTerminal(['chat', 'hi', '--model', ''], {});
    expect(await run.exit).toBe(2);
    expect(run.raw().startsWith(`\u001b[?25l${LINE}\r\u001b[K\u001b[?25h`)).toBe(true);
    expect((await run.screen())[0]).toMatch(/^error: /);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)('%s at any time restores the terminal', async (signal) => {
    const api = await silentServer();
    const run = openTerminal(['chat', 'hi', '-m', 'a/model'], { env: chatEnvironment(api) });
    await run.until(() => run.raw().includes(LINE));
    run.kill(signal);
    await run.exit;
    expect(run.raw().lastIndexOf('\u001b[?25h')).toBeGreaterThan(run.raw().lastIndexOf('\u001b[?25l'));
    expect((await run.everything()).join('\n')).not.toContain(LINE);
  });

  test.each([
    ['for a screen reader', { INK_SCREEN_READER: 'true' }],
    ['on a terminal that cannot draw', { TERM: 'dumb' }],
    ['in continuous integration', { CI: 'true' }],
    ['in continuous integration of another kind', { CONTINUOUS_INTEGRATION: '1' }],
  ])('is not there %s', async (_, env) => {
    const run = openTerminal(['chat', '--sandbox', 'hi'], { env: { ORX_SANDBOX_SPEED: '100000', ...env } });
    expect(await run.exit).toBe(0);
    expect(run.raw()).not.toContain(LINE);
  });

  test('is not there if a stored setting asks for plain lines', async () => {
    const home = tempFolder();
    writeFileSync(join(home, 'config.json'), '{"screen-reader":true}');
    const run = openTerminal(['chat', '--sandbox', 'hi'], { home, env: { ORX_SANDBOX_SPEED: '100000' } });
    expect(await run.exit).toBe(0);
    expect(run.raw()).not.toContain(LINE);
  });

  test('does not get into a file', async () => {
    const outputFile = join(tempFolder(), 'answer');
    const run = openTerminal(['chat', '--sandbox', 'hi', '-q'], { outputFile, env: { ORX_SANDBOX_SPEED: '100000' } });
    expect(await run.exit).toBe(0);
    expect(run.raw()).not.toContain(LINE);
  });
});
