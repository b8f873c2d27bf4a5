import type { AnyCommand } from './commander.ts';
import { OrxError } from '../errors.ts';
import { attributeOf } from './flag-aliases.ts';
import { type TypedFlag, typedFlags } from './typed-flags.ts';

/** Two flags that exclude each other, and why. Long names; `--output=` stands for any format but text. */
type Pair = readonly [one: string, other: string, because: string];

const RAW = 'JSON always contains the unformatted response';
const NOT_SENT = 'orx sends nothing then, so there is no response';
const NOT_STORED = '-n records nothing in history or ledger';
const NOT_CONTINUED = 'a conversation that is not stored cannot be continued';
const BLIND = 'a vote hides what the JSON output shows';
const BOARD = 'the board shows earlier votes and verdicts, and asks no model';
const NO_OTHER = 'with --strict-model no other model may answer';
const PINNED = '--pin chooses the model and the provider that answered last';
const PAST = '--history shows past prices, no estimate';

const TEXT_ROWS: readonly Pair[] = [['--quiet', '--usage', '-q hides the receipt, -u shows it']];

const EVERYWHERE: readonly Pair[] = [
  ['--sandbox', '--base-url', 'the sandbox runs on this machine, --base-url names a remote API'],
];

const OF_COMMAND: Readonly<Record<string, readonly Pair[]>> = {
  chat: [
    ['--quiet', '--usage', '-q hides the receipt, -u shows it'],
    ['--raw', '--json', RAW],
    ['--raw', '--output=', RAW],
    ['--raw', '--markdown', '--raw shows the source of a response, --markdown renders it'],
    ['--extract', '--extract-last', 'only one code block can be printed'],
    ['--dry-run', '--explain-routing', 'one prints the request, the other the providers'],
    ['--explain-routing', '--extract', NOT_SENT],
    ['--explain-routing', '--extract-last', NOT_SENT],
    ['--explain-routing', '--copy', NOT_SENT],
    ['--explain-routing', '--usage', NOT_SENT],
    ['--dry-run', '--extract', NOT_SENT],
    ['--dry-run', '--extract-last', NOT_SENT],
    ['--dry-run', '--copy', NOT_SENT],
    ['--dry-run', '--usage', NOT_SENT],
    ['--effort', '--reasoning-tokens', 'both set how much the model reasons'],
    ['--fallback', '--strict-model', NO_OTHER],
    ['--no-log', '--history', NOT_STORED],
    ['--no-log', '--ledger', NOT_STORED],
    ['--fallback-local', '--strict-model', NO_OTHER],
    ['--pin', '--provider', PINNED],
    ['--pin', '--only', PINNED],
    ['--pin', '--route-by', PINNED],
    ['--pin', '--fallback', PINNED],
    ['--pin', '--fallback-local', PINNED],
    ['--continue', '--session', '-c continues the latest conversation, --session a named one'],
    ['--continue', '--cid', '-c continues the latest conversation, --cid a named one'],
    ['--session', '--cid', 'they are the same flag'],
    ['--continue', '--no-log', NOT_CONTINUED],
    ['--session', '--no-log', NOT_CONTINUED],
    ['--continue', '--no-history', NOT_CONTINUED],
    ['--session', '--no-history', NOT_CONTINUED],
  ],
  compare: [
    ['--quiet', '--usage', '-q hides the receipts, -u shows them'],
    ['--dry-run', '--usage', NOT_SENT],
    ['--raw', '--json', RAW],
    ['--raw', '--output=', RAW],
    ['--raw', '--markdown', '--raw shows the source of a response, --markdown renders it'],
    ['--effort', '--reasoning-tokens', 'both set how much the model reasons'],
    ['--fallback', '--strict-model', NO_OTHER],
    ['--judge-pairs', '--judge-score', 'they are two ways to judge'],
    ['--dry-run', '--vote', NOT_SENT],
    ['--vote', '--quiet', 'a vote shows the answers and asks a question'],
    ['--vote', '--json', BLIND],
    ['--vote', '--output=', BLIND],
    ['--board', '--model', BOARD],
    ['--board', '--judge', BOARD],
    ['--board', '--vote', BOARD],
  ],
  embed: TEXT_ROWS,
  rerank: TEXT_ROWS,
  models: [
    ['--refresh', '--offline', '--refresh requests from the API, --offline never does'],
    ['--static', '--pick', '--pick needs the live table, which --static turns off'],
  ],
  price: [
    ['--history', '--chart', PAST],
    ['--history', '--in', PAST],
    ['--history', '--out', PAST],
    ['--history', '--prompt', PAST],
    ['--history', '--file', PAST],
    ['--history', '--requests', PAST],
  ],
  usage: [['--what-if', '--advise', 'they are two reports: request one after the other']],
  login: [['--browser', '--paste', '--browser opens the browser, --paste asks for a key']],
};

/** What to do instead of repeating a flag. */
const ONE_OF: Readonly<Record<string, string>> = { '--model': 'the command uses one model; orx compare uses several' };

/** Flags of every command may be in a shell alias: the last value wins. */
const LAST_WINS = new Set(['--profile', '--base-url', '--proxy', '--theme']);

/**
 * Throws a usage error if two typed flags contradict each other. Stored settings cannot contradict a flag, because the flag wins.
 */
export function checkContradictions(command: AnyCommand): void {
  const flags = typedFlags(command);
  for (const [index, flag] of flags.entries()) {
    const other = flags.slice(0, index).find((before) => isSameChoice(before, flag));
    if (other !== undefined) throw contradiction(other, flag, ONE_OF[flag.option.long ?? ''] ?? 'it accepts one value');
  }
  const json = find(flags, '--json');
  const output = flags.find(({ option }) => attributeOf(option) === 'output');
  if (json !== undefined && output !== undefined && output.value !== 'json')
    throw contradiction(json, output, '--json is short for -o json');
  for (const [one, other, because] of [...EVERYWHERE, ...(OF_COMMAND[command.name()] ?? [])]) {
    const [first, second] = [find(flags, one), find(flags, other)];
    if (first !== undefined && second !== undefined) throw contradiction(first, second, because);
  }
}

function find(flags: readonly TypedFlag[], name: string): TypedFlag | undefined {
  if (name !== '--output=') return flags.find(({ option }) => option.long === name);
  return flags.find(({ option, value }) => option.long === '--output' && value !== 'text');
}

/**
 * Returns whether two flags are one choice: a flag with one value, given twice with different values, or a switch and its
 * opposite.
 */
function isSameChoice(one: TypedFlag, other: TypedFlag): boolean {
  if (attributeOf(one.option) !== attributeOf(other.option)) return false;
  if (one.option.negate !== other.option.negate) return true;
  const { parseArg, argChoices, long } = other.option;
  // A flag with its own parser collects its values.
  const gathers = parseArg !== undefined && argChoices === undefined;
  return !gathers && !LAST_WINS.has(long ?? '') && one.value !== other.value;
}

function contradiction(one: TypedFlag, other: TypedFlag, because: string): OrxError {
  const isSame = one.option === other.option;
  const what = `${textOf(one, isSame)} and ${textOf(other, isSame)} cannot be combined`;
  return new OrxError(what, { kind: 'usage', why: because, hints: ['omit one of them'] });
}

/**
 * Returns `-q`, `-o csv` or `--stream`. Includes a value only if it is part of the contradiction, because others may contain a
 * password.
 */
function textOf({ option, value }: TypedFlag, showsValue: boolean): string {
  const name = option.short ?? option.long ?? '';
  return value !== undefined && (showsValue || attributeOf(option) === 'output') ? `${name} ${value}` : name;
}
