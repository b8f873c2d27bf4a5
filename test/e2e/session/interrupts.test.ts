import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ApiServer, chunk, sendJson, startApiServer } from '../../support/api-server.ts';
import { openChatTerminal as open } from '../../support/chat-terminal.ts';
import { tempFolder } from '../../support/temp-home.ts';
import type { TerminalRun } from '../../support/terminal.ts';
import { asked, startToolApi } from '../../support/tool-api.ts';

const PATIENT = { timeout: 10_000 };

/** Begins every answer, and ends it only when the client disconnects. */
const endless = (): Promise<ApiServer> =>
  startApiServer((request, response) => {
    if (request.url.includes('/generation')) return sendJson(response, 200, { data: { id: 'gen-1', total_cost: 0.01 } });
    if (request.method !== 'POST') return sendJson(response, 404, { error: { code: 404, message: 'no' } });
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk({ content: `part ${request.json().messages.length}` }));
  });

/** An editor that reports that it is open, and exits when told to. */
function slowEditor(home: string): { path: string; isOpen: () => boolean; close: () => void } {
  const path = join(home, 'editor');
  const text =
    '#!/bin/sh\ntrap "" INT\ntouch open\nuntil [ -e close ]; do sleep 0.05; done\nrm close open\nprintf "written outside" > "$1"\n';
  writeFileSync(path, text, { mode: 0o700 });
  return { path, isOpen: () => existsSync(join(home, 'open')), close: () => writeFileSync(join(home, 'close'), '') };
}

async function leave(terminal: TerminalRun): Promise<void> {
  terminal.type('\u0004');
  expect(await terminal.exit).toBe(0);
}

describe('an interrupt stops the innermost activity', () => {
  test('after the editor was open mid-stream, Esc stops only the answer', async () => {
    const home = tempFolder();
    const server = await endless();
    const editor = slowEditor(home);
    const terminal = open(server, ['-q'], { home, env: { EDITOR: editor.path } });
    await terminal.waitFor('/ commands');
    terminal.type('first\r');
    await terminal.waitFor('part 1');
    terminal.type('\u0007');
    await expect.poll(editor.isOpen, PATIENT).toBe(true);
    // The editor handles Ctrl-C while it is open.
    for (let times = 0; times < 4; times += 1) terminal.type('\u0003');
    editor.close();
    await terminal.waitFor('› written outside');
    await terminal.waitFor('esc stop');
    terminal.type('\u001b');
    await terminal.waitFor(/part 1[\s\S]*\/ commands/);
    terminal.type('\r');
    await terminal.waitFor('part 3');
    expect(asked(server)[1].messages.at(-1).content).toBe('written outside');
    terminal.type('\u0003');
    await terminal.waitFor(/part 3[\s\S]*\/ commands/);
    await leave(terminal);
  });

  test('a tool before the answer: the model is told and answers', async () => {
    const home = tempFolder();
    writeFileSync(
      join(home, 'tools.yaml'),
      'tools:\n  wait:\n    description: Waits.\n    parameters: {}\n    command: [/bin/sh, -c, "touch running; sleep 60"]\n',
    );
    const api = await startToolApi([[{ name: 'wait', arguments: {} }]]);
    const terminal = open(api, ['-q', '--tool', 'wait', '--allow-tool', 'wait'], { home });
    await terminal.waitFor('/ commands');
    terminal.type('go\r');
    await expect.poll(() => existsSync(join(home, 'running')), PATIENT).toBe(true);
    await terminal.waitFor('ctrl-c stops the tools');
    terminal.type('\u0003');
    await terminal.waitFor('It rains.');
    await terminal.waitFor('/ commands');
    expect(asked(api)[1].messages.at(-1)).toMatchObject({ role: 'tool', content: 'stopped by the user' });
    await leave(terminal);
  });
});

describe('Ctrl-C while orx starts', () => {
  test('ends it even if the catalogue never arrives, and restores the terminal', async () => {
    const server = await startApiServer(() => undefined);
    const terminal = open(server, ['-q'], { env: { ORX_MODEL: 'sonnet' } });
    await expect.poll(() => server.requests.length, PATIENT).toBeGreaterThan(0);
    terminal.type('\u0003');
    expect(await terminal.exit).toBe(130);
    expect(terminal.raw()).not.toMatch(/\u001b\[\?(25l|2004h|1049h)/);
  });

  test('is never lost, whenever it is pressed', async () => {
    const server = await startApiServer((_, response) => sendJson(response, 404, { error: { code: 404, message: 'no' } }));
    for (const delay of [150, 300, 450, 600, 800]) {
      const terminal = open(server, ['-q']);
      await new Promise((resolve) => setTimeout(resolve, delay));
      terminal.type('\u0003');
      // Before orx's first instruction runs, the signal itself ends the process; once the prompt is there, the key leaves it.
      expect([0, 130]).toContain(await terminal.exit);
    }
  });
});
