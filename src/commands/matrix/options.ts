import { parseDecimal, type Decimal } from '../../decimal.ts';
import type { RankMeasure } from '../../core/statistics/rank-measures.ts';
import type { ChatSettings } from '../../core/settings/groups.ts';
import { parseLimit } from '../../core/settings/parse-count.ts';
import { checkSettings } from '../../core/settings/resolve.ts';
import { type Hint, usageError } from '../../errors.ts';
import type { CompareFlags } from '../compare/flags.ts';
import type { LaneFlags } from '../compare/lane-flags.ts';
import { type LaneOptions, parseLanes } from '../compare/lane-options.ts';
import { COMPARE_SETTINGS } from '../compare/settings.ts';
import type { JudgeFlags } from '../judge/flags.ts';
import { type LaneJudgeOptions, parseJudge } from '../judge/options.ts';
import type { PromptFlags } from '../prompt/flags.ts';
import type { CommandInput, SettingFlags } from '../register.ts';
import type { EvaluationOptions } from '../context/files.ts';
import type { ReportPlace } from '../write-report.ts';
import { commandText } from './conditions.ts';
import type { MatrixFlags } from './flags.ts';
import { formatOf, type MatrixFormat } from './format.ts';

/** Asks the prompts of a file in all lanes. */
export interface MatrixOptions {
  kind: 'run';
  settings: ChatSettings;
  /** Settings given as flags. */
  flags: SettingFlags;
  prompt: Pick<PromptFlags, 'schema' | 'option'>;
  /** Undefined: the models that the file names, or the default model. */
  lanes: LaneOptions | undefined;
  path: string;
  /** As the user typed it, for the page. */
  command: string;
  reading: EvaluationOptions;
  filters: readonly string[];
  /** The field whose equal values make cases one group. */
  cluster: string | undefined;
  /** What the lanes are sorted by; undefined: they keep their order. */
  rankBy: RankMeasure | undefined;
  repetitions: number;
  /** Grades expectations that need a judge, or compares the lanes. Undefined: no model does. */
  judge: LaneJudgeOptions | undefined;
  maxCost: Decimal | undefined;
  /** Share of the cells with expectations that must pass. */
  minPass: number;
  exitsZero: boolean;
  /** true: the latest run of the file. */
  resume: boolean | string;
  format: MatrixFormat;
  place: ReportPlace;
  patienceMs: number;
  /** Undefined: the default, and one at a time for servers on this machine. */
  concurrency: number | undefined;
  /** --yes: send without asking, whatever it costs. */
  isConfirmed: boolean;
  isQuiet: boolean;
  isDryRun: boolean;
}

/** Lists or removes stored runs. */
export interface StoredRunsOptions {
  kind: 'runs';
  settings: ChatSettings;
  /** Ids, or one age such as `30d`; undefined: list. */
  removed: readonly string[] | undefined;
  format: 'table' | 'json';
  isQuiet: boolean;
  now: number;
}

type Flags = CompareFlags & LaneFlags & PromptFlags & JudgeFlags & MatrixFlags;

/** Returns whether the flags ask for a matrix, or for its stored runs. */
export function isMatrix({ prompts, runs, removeRuns }: MatrixFlags): boolean {
  return prompts !== undefined || runs === true || removeRuns !== undefined;
}

const NEEDS_PROMPTS: readonly (keyof MatrixFlags)[] = [
  'map',
  'expect',
  'encoding',
  'filesBelow',
  'filter',
  'cluster',
  'maxCost',
  'minPass',
  'exitZero',
  'resume',
  'cellTimeout',
  'concurrency',
  'outFile',
  'force',
];

/** Throws a usage error for a flag that only a matrix has. */
export function refuseMatrixFlags(flags: MatrixFlags): void {
  const flag = NEEDS_PROMPTS.find((name) => flags[name] !== undefined);
  if (flag === undefined) return;
  const name = flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw usageError(`--${name} needs --prompts`, NAME_A_FILE);
}

const NAME_A_FILE: Hint = 'name a file with prompts: orx compare --prompts FILE -m MODEL,MODEL';

export function parseMatrix(input: CommandInput<Flags>): MatrixOptions | StoredRunsOptions {
  const { words, options, flags, settings, now } = input;
  checkSettings(settings, COMPARE_SETTINGS);
  const isQuiet = options.quiet === true;
  const format = formatOf(options);
  if (options.prompts !== undefined && (options.runs === true || options.removeRuns !== undefined))
    throw usageError('--runs and --remove-runs cannot be combined with --prompts', 'list all runs: orx compare --runs');
  if (options.prompts === undefined) {
    if (format !== 'table' && format !== 'json')
      throw usageError(`-o ${format} needs --prompts`, 'list runs as JSON: orx compare --runs -o json');
    return { kind: 'runs', settings, removed: listOf(options.removeRuns), format, isQuiet, now };
  }
  if (options.prompts.trim() === '') throw usageError('--prompts is empty', NAME_A_FILE);
  for (const [flag, name] of OTHER_PROMPTS)
    if (options[flag] !== undefined) throw usageError(`${name} cannot be combined with --prompts`, `omit ${name}`);
  const hasLanes = hasOwnLanes(options);
  const known = { now, favorites: settings.favorites };
  return {
    kind: 'run',
    settings,
    flags,
    prompt: {
      ...(options.schema !== undefined && { schema: options.schema }),
      ...(options.option !== undefined && { option: options.option }),
    },
    lanes: hasLanes ? parseLanes(options, settings, known, { isMatrix: true }) : undefined,
    path: options.prompts,
    command: commandText(words, options, flags),
    reading: {
      map: parseMap(options.map ?? []),
      ...(words.length > 0 && { prompts: [words.join(' ')] }),
      ...(options.expect !== undefined && { expect: options.expect }),
      ...(options.encoding !== undefined && { encoding: options.encoding }),
      ...(options.filesBelow !== undefined && { below: options.filesBelow }),
    },
    filters: options.filter ?? [],
    cluster: options.cluster,
    rankBy: options.rankBy,
    repetitions: options.repeat === undefined ? 1 : parseLimit('--repeat', options.repeat),
    judge: parseJudge(options),
    maxCost: options.maxCost === undefined ? undefined : parseAmount('--max-cost', options.maxCost),
    minPass: options.minPass === undefined ? 1 : parseShare('--min-pass', options.minPass),
    exitsZero: options.exitZero === true,
    resume: options.resume ?? false,
    format,
    place: { out: options.outFile, force: options.force === true },
    patienceMs: (options.cellTimeout === undefined ? DEFAULT_TIMEOUT : parseLimit('--cell-timeout', options.cellTimeout)) * 1000,
    concurrency: options.concurrency === undefined ? undefined : parseLimit('--concurrency', options.concurrency),
    isConfirmed: options.yes === true,
    isQuiet,
    isDryRun: options.dryRun === true,
  };
}

const DEFAULT_TIMEOUT = 600;

const OTHER_PROMPTS = [
  ['file', '-f'],
  ['attach', '-a'],
  ['editor', '-e'],
  ['template', '-t'],
  ['param', '-p'],
  ['usage', '-u'],
  ['vote', '--vote'],
  ['board', '--board'],
] as const;

/** Returns whether the flags choose lanes. Otherwise the file may name them. */
function hasOwnLanes({ model, top, providers, vary, ...others }: Flags): boolean {
  const filters: Readonly<Record<string, unknown>> = others;
  return [model, top, providers, vary, ...FILTER_NAMES.map((name) => filters[name])].some((flag) => flag !== undefined);
}

/** Filters that choose models: commands/catalogue/filter-flags.ts. */
const FILTER_NAMES: readonly string[] = [
  'search',
  'vendor',
  'author',
  'free',
  'input',
  'outputModalities',
  'tools',
  'vision',
  'reasoning',
  'structured',
  'cache',
  'parameter',
  'minContext',
  'maxInputPrice',
  'maxOutputPrice',
  'since',
  'expiring',
  'favorites',
];

function listOf(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const items = text.split(',').map((item) => item.trim());
  const named = items.filter((item) => item !== '');
  if (named.length === 0) throw usageError('--remove-runs needs an id', 'list all runs: orx compare --runs');
  return named;
}

function parseMap(texts: readonly string[]): Readonly<Record<string, string>> {
  const pairs = texts.flatMap((text) => text.split(',')).filter((pair) => pair.trim() !== '');
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      const [name, column] = [pair.slice(0, Math.max(0, at)).trim(), pair.slice(at + 1).trim()];
      if (name === '' || column === '') throw usageError(`--map must be name=column, not "${pair}"`, MAP_EXAMPLE);
      return [name, column];
    }),
  );
}

const MAP_EXAMPLE = 'name the columns: --map prompt=question,expected=answer';

function parseAmount(flag: string, text: string): Decimal {
  const amount = parseDecimal(text.trim().replace(/^\$/, ''));
  if (amount === undefined || amount.lte(0)) throw usageError(`${flag} must be an amount in USD, such as 0.50, not "${text}"`);
  return amount;
}

function parseShare(flag: string, text: string): number {
  const [, digits = '', percent] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim()) ?? [];
  const share = digits === '' ? Number.NaN : Number(digits) / (percent === '%' ? 100 : 1);
  if (!(share >= 0 && share <= 1)) throw usageError(`${flag} must be a share from 0 to 1 or a percentage, not "${text}"`);
  return share;
}
