import { describe, expect, test } from 'vitest';
import { openProgram } from '../../src/cli/program.ts';
import { COMMAND_NAMES } from '../../src/cli/help/command-table.ts';
import { parseCommand } from '../support/parse-command.ts';

const read = async (...args: string[]) => (await openProgram(() => undefined, args)).line;
const refused = (...args: string[]): Promise<readonly string[]> =>
  read(...args).then(
    (line) => {
      throw new Error(`taken for ${JSON.stringify(line)}`);
    },
    ({ message, hints }: { message: string; hints: readonly string[] }) => [message, ...hints],
  );

describe('a prompt without a command goes to orx chat', () => {
  test.each<[string[], string[]]>([
    [['Why is the sky blue?'], ['chat', 'Why is the sky blue?']],
    [
      ['why', 'is', 'the', 'sky', 'blue'],
      ['chat', 'why', 'is', 'the', 'sky', 'blue'],
    ],
    [
      ['what', 'is', 'a', 'monad'],
      ['chat', 'what', 'is', 'a', 'monad'],
    ],
    [['why?'], ['chat', 'why?']],
    [['grüezi'], ['chat', 'grüezi']],
    [['list models for me'], ['chat', 'list models for me']],
    [
      ['translate', 'guten Tag'],
      ['chat', 'translate', 'guten Tag'],
    ],
    [
      ['-m', 'gpt-4o', 'question'],
      ['chat', '-m', 'gpt-4o', 'question'],
    ],
    [
      ['question', '-m', 'gpt-4o'],
      ['chat', 'question', '-m', 'gpt-4o'],
    ],
    [
      ['-qm', 'gpt-4o', 'question'],
      ['chat', '-qm', 'gpt-4o', 'question'],
    ],
    // Values that look like commands.
    [
      ['-m', 'models', 'hi there you'],
      ['chat', '-m', 'models', 'hi there you'],
    ],
    [
      ['--system', 'compare', '-m', 'chat', 'go'],
      ['chat', '--system', 'compare', '-m', 'chat', 'go'],
    ],
    [
      ['--model=price', 'go'],
      ['chat', '--model=price', 'go'],
    ],
    [
      ['--sandbox', '--theme', 'dark', 'tell me a story'],
      ['chat', '--sandbox', '--theme', 'dark', 'tell me a story'],
    ],
    // Everything after -- is a prompt.
    [
      ['--', 'models'],
      ['chat', '--', 'models'],
    ],
    [
      ['--', '-5', '+', '3'],
      ['chat', '--', '-5', '+', '3'],
    ],
    [
      ['-m', 'gpt-4o', '--', 'usage'],
      ['chat', '-m', 'gpt-4o', '--', 'usage'],
    ],
    [
      ['-f', 'notes.txt', 'summarize'],
      ['chat', '-f', 'notes.txt', 'summarize'],
    ],
  ])('%j', async (args, expected) => {
    expect(await read(...args)).toEqual({ args: expected, command: 'chat' });
  });
});

describe('a command is a command', () => {
  test.each<[string[], string[], string]>([
    [['models', '--free'], ['models', '--free'], 'models'],
    [['--sandbox', 'models'], ['--sandbox', 'models'], 'models'],
    [['--theme', 'chat', 'usage'], ['--theme', 'chat', 'usage'], 'usage'],
    [['--base-url', 'chat', 'chat', 'hi'], ['--base-url', 'chat', 'chat', 'hi'], 'chat'],
    [['-m', 'gpt-4o', 'chat', 'hi'], ['chat', '-m', 'gpt-4o', 'hi'], 'chat'],
    [['-m', 'chat', 'compare', 'hi'], ['compare', '-m', 'chat', 'hi'], 'compare'],
    [['favorites', 'list'], ['favorites', 'list'], 'fav'],
    [['favourites'], ['favourites'], 'fav'],
  ])('%j', async (args, expected, command) => {
    expect(await read(...args)).toEqual({ args: expected, command });
  });

  test.each([[['--help']], [['-V']], [['--help-all']], [['--sandbox', '--help']]])('%j has no command', async (args) => {
    expect((await read(...args)).command).toBeUndefined();
  });

  test.each([[[]], [['--sandbox']], [['--theme', 'chat']]])('%j is bare', async (args) => {
    expect(await read(...args)).toEqual({ args: ['chat', ...args], command: 'chat', isBare: true });
  });

  test('chat flags alone are not bare', async () => {
    expect(await read('-m', 'gpt-4o')).toEqual({ args: ['chat', '-m', 'gpt-4o'], command: 'chat', isBare: false });
  });
});

describe('a typing error gets a suggestion and is never sent', () => {
  test.each<[string[], string]>([
    [['modles'], 'orx models'],
    [['Models'], 'orx models'],
    [['chta', 'hi'], 'orx chat hi'],
    [['chta', 'why is the sky blue'], "orx chat 'why is the sky blue'"],
    [['comapre', 'hello', '-m', 'a/b'], 'orx compare hello -m a/b'],
    [['modles', '--sort', 'price'], 'orx models --sort price'],
    [['--sandbox', 'histroy'], 'orx history --sandbox'],
    [['-m', 'gpt-4o', 'cht', 'hi'], 'orx chat -m gpt-4o hi'],
    [['conf'], 'orx config'],
    [['templetes', 'list'], 'orx templates list'],
    [['favorite', 'list'], 'orx fav list'],
  ])('%j', async (args, meant) => {
    const [message, hint, other] = await refused(...args);
    expect(message).toMatch(/^unknown command "/);
    expect([hint, other]).toEqual([`did you mean: ${meant}`, expect.stringMatching(/^send it as a prompt: orx chat /)]);
  });

  test.each(COMMAND_NAMES.filter((name) => name.length > 3))('every way to mistype one letter of %s', async (name) => {
    for (let at = 1; at < name.length; at += 1) {
      const swapped = name.slice(0, at - 1) + name[at]! + name[at - 1]! + name.slice(at + 1);
      for (const typed of [name.slice(0, at) + name.slice(at + 1), swapped, `${name.slice(0, at)}x${name.slice(at)}`]) {
        if (COMMAND_NAMES.includes(typed)) continue;
        expect((await refused(typed, 'hi', 'there', 'you'))[0]).toBe(`unknown command "${typed}"`);
      }
    }
  });
});

describe('one or two plain words', () => {
  const hinted = (...args: string[]): Promise<string> =>
    read(...args).then(({ refusal }) => [refusal?.message, ...(refusal?.hints ?? [])].join('\n'));

  test('are an error if a person typed them, with a suggestion', async () => {
    expect(await hinted('login')).toContain('did you mean: orx auth login');
    expect(await hinted('run', 'llama')).toContain('did you mean: orx chat llama');
    expect(await hinted('weather')).toBe(
      'unknown command "weather"\nsend it as a prompt: orx chat weather\nlist the commands: orx --help',
    );
    for (const words of [['gpt-4o'], ['openai/gpt-4o'], ['notes.txt'], ['sk-or-v1-0123456789abcdef'], ['weather', 'now']])
      expect(await hinted(...words)).toContain('unknown command');
    expect(await hinted('weather')).not.toContain('did you mean');
    expect(await hinted('sandbox')).toContain('did you mean: orx --sandbox chat');
    await expect(parseCommand(['weather'], { terminals: ['stdin'] })).rejects.toThrow('unknown command "weather"');
  });

  test('are a prompt if they begin with a greeting', async () => {
    for (const words of [['hello'], ['Hi'], ['hey', 'there']])
      expect(await read(...words)).toEqual({ args: ['chat', ...words], command: 'chat' });
    expect(await hinted('there', 'hello')).toContain('unknown command "there"');
  });

  test('are a prompt in the sandbox, and with piped input, which is read later', async () => {
    expect(await parseCommand(['--sandbox', 'hello'], { terminals: ['stdin'] })).toMatchObject({ words: ['hello'] });
    expect(await parseCommand(['hello'], { terminals: ['stdin'], env: { ORX_SANDBOX: '1' } })).not.toHaveProperty('refusal');
    expect(await parseCommand(['summarize'])).toMatchObject({ refusal: { message: 'unknown command "summarize"' } });
  });
});

test('- requests standard input, so the words are a prompt', async () => {
  expect(await read('summarize', '-')).toEqual({ args: ['chat', 'summarize', '-'], command: 'chat' });
});

test('a hint does not repeat a proxy password', async () => {
  const hints = await refused('--proxy', 'http://me:hunter2@proxy:3128', 'modles', '--free');
  expect(hints).toEqual(['unknown command "modles"', 'did you mean: orx models', 'send it as a prompt: orx chat modles']);
});

test('an unknown flag before the first word has its own error', async () => {
  expect(await read('--limit', '3', 'models')).toEqual({ args: ['--limit', '3', 'models'], command: undefined });
});
