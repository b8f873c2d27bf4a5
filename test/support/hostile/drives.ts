import type { TerminalRun } from '../terminal.ts';
import { pause } from '../turns.ts';
import type { HostileApi } from './api.ts';
import { HOSTILE_WORD } from './text.ts';

/** Id of a conversation in the hostile home. */
export const CONVERSATION = '01aaaaaaaaaaaaaaaaaaaaaaaa';

/** Resolves when the output after position `start` matches, or the program has ended. */
function written(terminal: TerminalRun, has: RegExp, start = 0): Promise<void> {
  return terminal.until(() => has.test(terminal.raw().slice(start)) || terminal.hasEnded());
}

/** Denies a tool call with a message to the model and waits for the answer. */
export async function denyTools(terminal: TerminalRun): Promise<void> {
  await written(terminal, /stop › $/);
  terminal.type('n');
  await written(terminal, /none\) › [^\n]*$/);
  terminal.type('no\r');
  await written(terminal, /\$0\.0002/);
}

export async function agreeToServer(terminal: TerminalRun): Promise<void> {
  await written(terminal, /› +$/);
  terminal.type('y');
}

/** Denies the start of a server; a server starts only if the user agrees. */
export async function denyServer(terminal: TerminalRun): Promise<void> {
  await written(terminal, /› +$/);
  terminal.type('n');
}

export async function leaveTable(terminal: TerminalRun): Promise<void> {
  await written(terminal, /of \d|\d models/);
  // The pane with the model's details, and its help.
  for (const key of ['\u0004', '?']) {
    terminal.type(key);
    // A frame can show the effect of two keys, so a key need not write anything of its own.
    await pause(200);
  }
  while (!terminal.hasEnded()) {
    terminal.type('\u0003');
    await pause(100);
  }
}

export async function leaveDashboard(terminal: TerminalRun): Promise<void> {
  await written(terminal, /PWN/);
  terminal.type('s?q');
}

export async function leaveBrowser(terminal: TerminalRun): Promise<void> {
  await written(terminal, /PWN[^]*PWN/);
  // Search, the prompts for deleting and renaming, and the help.
  for (const key of ['needle', '\u0004', 'n', '\u0012', '\u0015', '\r', '\u0010']) {
    terminal.type(key);
    // A frame can show the effect of two keys, so a key need not write anything of its own.
    await pause(200);
  }
  while (!terminal.hasEnded()) {
    terminal.type('\u0003');
    await pause(100);
  }
}

/**
 * Enlarges a lane, shows the keys and the diff, lets the last answer end, leaves the view, and answers the question after it. It types only while
 * the program reads keys: the terminal would write any other key into the middle of a character of the output.
 */
export async function readComparison(terminal: TerminalRun, api: HostileApi): Promise<void> {
  await written(terminal, /3 of 4 done/);
  for (const key of ['2', '\r', 'r', 'd', '?', '1', '\u001b[H']) {
    terminal.type(key);
    // A frame can show the effect of two keys, so a key need not write anything of its own.
    await pause(200);
  }
  api.release();
  await written(terminal, /4 of 4 done/);
  terminal.type('q');
  await written(terminal, /any other key ends/);
  terminal.type('-');
}

export async function pasteKey(terminal: TerminalRun): Promise<void> {
  await written(terminal, /key.*: $/);
  terminal.type('sk-or-v1-0123456789abcdef0123\r');
}

export async function converse(terminal: TerminalRun): Promise<void> {
  for (const [text, shown] of [
    ['hello', /0\.0001/],
    ['/reasoning', /PWN/],
    ['/search needle', /01aaaaaaaa/],
    [`/resume ${CONVERSATION}`, /needle/],
    ['/system', /PWN/],
    ['/params', /PWN/],
    ['/model evil/fails', /evil\/fails/],
    ['once more', /refused/],
    ['/no-such \u202e\u009b', /no-such/],
    ['/quit', /$/],
  ] as const) {
    // The prompt is visible: drawn, or as the last output of a line editor.
    await written(terminal, /› (?:\u001b\[3G|[^]*\u001b\[\?2026l)$/);
    const start = terminal.raw().length;
    terminal.type(`${text}\r`);
    await written(terminal, shown, start);
  }
}

export async function converseWithTools(terminal: TerminalRun): Promise<void> {
  await written(terminal, /›/);
  terminal.type('hello\r');
  await denyTools(terminal);
  terminal.type('\u0004');
}

export async function serveHostile(terminal: TerminalRun): Promise<void> {
  await written(terminal, /curl http[^\n]*\n/);
  const [url] = /http:\/\/127\.0\.0\.1:\d+\/api\/v1/.exec(terminal.raw())!;
  const model = `evil/${HOSTILE_WORD}`;
  await fetch(`${url}/chat/completions`, { method: 'POST', body: JSON.stringify({ model, messages: [] }) });
  await fetch(`${url}/${encodeURIComponent(HOSTILE_WORD)}?${encodeURIComponent(HOSTILE_WORD)}`);
  // The port may contain these digits, too.
  await written(terminal, /\b404\b/);
  terminal.type('\u0003');
}
