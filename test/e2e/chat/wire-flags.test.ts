import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openProgram } from '../../../src/cli/program.ts';
import { runOrx } from '../../support/run-orx.ts';
import { EDITOR_SCRIPT, FLAGS_WITHOUT_WIRE, homeWithFiles, WIRE_FLAGS } from '../../support/wire-flags.ts';

const TOOLS = `
tools:
  say: {description: Says a word., parameters: {word: string}, command: [/usr/bin/printf, '{{word}}'], read-only: true}
  drop: {description: Drops all., command: [/bin/false]}
`;
const named = (name: string): object => ({ type: 'function', function: { name } });
const NO_SESSION = { session_id: undefined };

/** Flags that orx compare does not have, and what they change in the body. */
const CHAT_FLAGS: Readonly<Record<string, { args: string[]; body: object }>> = {
  '--model': { args: ['-m', 'x/other'], body: { model: 'x/other' } },
  '--web': { args: ['--web'], body: { tools: [{ type: 'openrouter:web_search' }] } },
  '--web-results': { args: ['--web', '--web-results', '3'], body: { tools: [{ parameters: { max_results: 3 } }] } },
  '--server-tool': { args: ['--server-tool', 'web_fetch'], body: { tools: [{ type: 'openrouter:web_fetch' }] } },
  '--tools': { args: ['--tools', 'tools.yaml', '--trust-tools'], body: { tools: [named('say'), named('drop')] } },
  '--tool': { args: ['--tool', 'drop'], body: { tools: [named('drop')] } },
  '--read-only': { args: ['-q', '--tools', 'tools.yaml', '--trust-tools', '--read-only'], body: { tools: [named('say')] } },
  '--no-log': { args: ['-n'], body: NO_SESSION },
  '--no-history': { args: ['--no-history'], body: NO_SESSION },
};

/** Flags whose effect on a request needs an earlier one, or a server: the test that has it. */
const TESTED_IN: Readonly<Record<string, string>> = {
  '--mcp': 'test/e2e/tools/mcp.test.ts',
  '--continue': 'test/e2e/history/history.test.ts',
  '--session': 'test/e2e/history/history.test.ts',
  '--fork': 'test/e2e/history/history.test.ts',
  '--drop-oldest': 'test/e2e/history/history.test.ts',
  '--no-prompt-cache': 'test/e2e/history/history.test.ts',
  '--pin': 'test/e2e/chat/pin.test.ts',
  '--fallback-local': 'test/e2e/chat/pipe.test.ts',
  '--restart': 'test/e2e/chat/pipe.test.ts',
  '--max-steps': 'test/e2e/tools/mcp.test.ts',
  '--allow-tool': 'test/e2e/tools/commands.test.ts',
};

/** Flags that change what orx does with the answer or on this machine, and no request. */
const LOCAL =
  '--output --json --usage --quiet --raw --no-reasoning --extract --extract-last --copy --out-dir --dry-run --explain-routing ' +
  // The last three limit how tools run, and what is sent of their results.
  '--no-ledger --no-markdown --width --theme --screen-reader --trust-tools --tool-timeout --tool-output';

async function bodyOf(args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await runOrx(['chat', 'hi', '--dry-run', '--json', ...args], {
    home: homeWithFiles({ 'tools.yaml': TOOLS }),
    env: { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef', ORX_MODEL: 'a/one', EDITOR: EDITOR_SCRIPT },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return { session_id: undefined, ...(JSON.parse(stdout) as { body: Record<string, unknown> }).body };
}

test('every flag of orx chat has a row: what it changes in the request, the test that has it, or that it changes none', async () => {
  const { program } = await openProgram((command) => void command, ['chat']);
  const chat = program.commands.find((one) => one.name() === 'chat')!;
  const flags = chat.options.filter(({ hidden }) => !hidden).map(({ long }) => long!);
  const rows = [
    ...Object.keys(WIRE_FLAGS),
    ...Object.keys(CHAT_FLAGS),
    ...Object.keys(TESTED_IN),
    ...LOCAL.split(' '),
    ...FLAGS_WITHOUT_WIRE,
  ];
  expect(rows.toSorted()).toEqual(flags.toSorted());
});

test.each(Object.entries(TESTED_IN))('%s is in %s', (flag, path) => {
  const short = flag === '--continue' ? "'-c'" : `'${flag}'`;
  expect(readFileSync(join(import.meta.dirname, '../../..', path), 'utf8')).toContain(short);
});

describe('from the command line to the wire', () => {
  test.each(Object.entries({ ...WIRE_FLAGS, ...CHAT_FLAGS }))('%s', async (_flag, { args, body }) => {
    const sent = await bodyOf(args);
    expect(sent).toMatchObject({ model: 'a/one', ...body });
    const plain = await plainBody();
    expect(plain).not.toMatchObject(body);
  });
});

let plain: Promise<Record<string, unknown>> | undefined;
/** The request without flags: a row that it satisfies would test nothing. */
function plainBody(): Promise<Record<string, unknown>> {
  return (plain ??= bodyOf([]));
}
