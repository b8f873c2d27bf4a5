import type { ChatSettings } from '../../core/settings/groups.ts';
import { checkSettings } from '../../core/settings/resolve.ts';
import type { CompareFlags } from '../compare/flags.ts';
import type { LaneFlags } from '../compare/lane-flags.ts';
import { type LaneOptions, parseLanes } from '../compare/lane-options.ts';
import { compareOptions, type CompareRunOptions } from '../compare/options.ts';
import type { JudgeFlags } from '../judge/flags.ts';
import { checkDryRun, checkRankBy, checkVote, type LaneJudgeOptions, parseJudge } from '../judge/options.ts';
import type { MatrixFlags } from '../matrix/flags.ts';
import { refuseMatrixFlags } from '../matrix/options.ts';
import type { PromptFlags } from '../prompt/flags.ts';
import { usageError } from '../../errors.ts';
import type { CommandInput, SettingFlags } from '../register.ts';
import { COMPARE_SETTINGS } from '../compare/settings.ts';

/** The options of `orx compare`: what to request, and how to show the answers. */
export interface CompareCommandOptions {
  settings: ChatSettings;
  words: readonly string[];
  /** Settings given as flags. */
  flags: SettingFlags;
  prompt: PromptFlags;
  lanes: LaneOptions;
  comparison: CompareRunOptions;
  isDryRun: boolean;
  /** `--yes`: sends the requests whatever they may cost. */
  isConfirmed: boolean;
  /** Undefined: no model judges the answers. */
  judge: LaneJudgeOptions | undefined;
  /** The user votes before the models are named. */
  isVote: boolean;
}

/** All flags of `orx compare`. */
export type AllCompareFlags = CompareFlags & LaneFlags & PromptFlags & JudgeFlags & MatrixFlags;

export function parseCompare(input: CommandInput<AllCompareFlags>): CompareCommandOptions {
  const { words, options, flags, settings, terminal, now } = input;
  refuseMatrixFlags(options);
  checkSettings(settings, COMPARE_SETTINGS);
  checkDryRun(options);
  checkRankBy(options);
  if (options.vote === true) checkVote(terminal);
  const comparison = compareOptions(
    {
      format: options.json === true ? 'json' : textOrJson(options.output),
      rankBy: options.rankBy,
      diffAgainst: options.diff === true ? '1' : options.diff,
      isQuiet: options.quiet === true,
      showsReceipts: options.usage === true,
      isRaw: options.raw === true,
    },
    settings,
    terminal,
  );
  return {
    settings,
    words,
    flags,
    prompt: promptOf(options),
    lanes: parseLanes(options, settings, { now, favorites: settings.favorites }),
    comparison,
    isDryRun: options.dryRun === true,
    isConfirmed: options.yes === true,
    judge: parseJudge(options),
    isVote: options.vote === true,
  };
}

/** Throws a usage error for a format of tables: answers are no table. */
function textOrJson(format: CompareFlags['output']): 'text' | 'json' | undefined {
  if (format === undefined || format === 'text' || format === 'json') return format;
  if (format === 'html')
    throw usageError('-o html needs --prompts', 'put the prompt into a file: orx compare --prompts FILE -o html');
  throw usageError(`-o ${format} needs --prompts or --board`, 'print the answers as data: --json');
}

/** Returns the flags of the prompt alone. */
function promptOf({ file, attach, editor, template, param, allowPrivate, schema, option }: PromptFlags): PromptFlags {
  return {
    ...(file !== undefined && { file }),
    ...(attach !== undefined && { attach }),
    ...(editor !== undefined && { editor }),
    ...(template !== undefined && { template }),
    ...(param !== undefined && { param }),
    ...(allowPrivate !== undefined && { allowPrivate }),
    ...(schema !== undefined && { schema }),
    ...(option !== undefined && { option }),
  };
}
