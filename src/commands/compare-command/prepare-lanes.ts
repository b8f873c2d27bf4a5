import type { LanePlan, VariedValue } from '../../core/compare/lane-plan.ts';
import { combinations } from '../../core/compare/vary.ts';
import type { ChatSettings } from '../../core/settings/groups.ts';
import type { SettingKey } from '../../core/settings/settings.ts';
import type { Message } from '../../apis/message.ts';
import { usageError } from '../../errors.ts';
import type { LaneOptions } from '../compare/lane-options.ts';
import { checkLaneCount } from '../compare/lane-options.ts';
import { pinnedTo, readValues } from '../compare/lane-variants.ts';
import { findLaneTargets, type LaneTarget } from '../compare/lane-targets.ts';
import { resolveSettingModels } from '../catalogue/resolve-model.ts';
import type { Context } from '../context.ts';
import { joinPrompt, type PromptPieces, readPieces } from '../prompt/compose.ts';
import type { PromptFlags } from '../prompt/flags.ts';
import { preparePrompt, type PreparedPrompt } from '../prompt/prepare.ts';
import type { SettingFlags } from '../register.ts';
import { COMPARE_SETTINGS } from '../compare/settings.ts';

/** What the user typed, as far as it decides what the lanes send. */
export interface AskedLanes {
  words: readonly string[];
  /** Settings given as flags. */
  flags: SettingFlags;
  prompt: PromptFlags;
  lanes: LaneOptions;
  isQuiet: boolean;
}

/** The lanes of a comparison, before anything is sent. */
export interface PreparedLanes {
  plans: readonly LanePlan[];
  /** Settings that all lanes share: connection, ledger, screen. */
  settings: ChatSettings;
  /** The template that all lanes use, for the ledger. */
  template: string | undefined;
}

/** One combination of the values of `--vary`, and the prompt and settings that it gives. */
interface Variant {
  varied: readonly VariedValue[];
  content: Message['content'];
  settings: ChatSettings;
  prepared: PreparedPrompt;
}

/**
 * Reads the prompt, looks up models and providers, and combines them with the values of `--vary` and the repetitions. Reads
 * standard input and files once. Sends nothing.
 */
export async function prepareLanes(asked: AskedLanes, context: Context): Promise<PreparedLanes> {
  const variants = await readVariants(asked, context);
  const [first] = variants;
  const targets = await findLaneTargets(asked.lanes, first!.settings, context, asked);
  checkLaneCount(targets.length * variants.length, asked.lanes.repeat);
  const lanes = targets.flatMap((target) => variants.map((variant) => planOf(target, variant)));
  const { repeat } = asked.lanes;
  const plans = lanes.flatMap((plan, lane) =>
    repeat === undefined
      ? [{ ...plan, lane }]
      : Array.from({ length: repeat }, (_, index) => ({ ...plan, lane, repetition: index + 1 })),
  );
  if (plans.length < 2) throw usageError(`${targets[0]!.model} has only one provider`, 'compare it with another model');
  const templates = new Set(variants.map(({ prepared }) => prepared.template));
  return {
    plans,
    settings: first!.settings,
    template: templates.size === 1 ? first!.prepared.template : undefined,
  };
}

function planOf({ model, endpoint }: LaneTarget, { varied, content, settings, prepared }: Variant): LanePlan {
  return {
    model,
    lane: 0,
    endpoint,
    varied,
    messages: [{ role: 'user', content }],
    settings: endpoint === undefined ? settings : pinnedTo(endpoint.tag, settings),
    overrides: prepared.overrides,
    checkAnswer: prepared.checkAnswer,
  };
}

async function readVariants(asked: AskedLanes, context: Context): Promise<Variant[]> {
  const { variations } = asked.lanes;
  checkVariations(asked);
  const lists = await Promise.all(variations.map((variation) => readValues(variation, context)));
  const read = readOnce(asked, context);
  const variants: Variant[] = [];
  for (const varied of combinations(lists)) variants.push(await readVariant(varied, asked, read, context));
  return variants;
}

/** Throws a usage error for a flag that gives the same thing as `--vary`. */
function checkVariations({ words, prompt, flags, lanes: { variations } }: AskedLanes): void {
  const isVaried = (key: string): boolean => variations.some((variation) => variation.key === key);
  const twice = (flag: string, key: string): void => {
    throw usageError(`${flag} cannot be combined with --vary ${key}`, `omit ${flag}`);
  };
  for (const { key } of variations) if (flags[key as SettingKey] !== undefined) twice(`--${key}`, key);
  if (isVaried('template') && prompt.template !== undefined) twice('-t', 'template');
  if (isVaried('prompt') && prompt.editor === true) twice('-e', 'prompt');
  if (isVaried('prompt') && words.some((word) => word !== '-')) twice('the prompt', 'prompt');
  if (isVaried('effort') && isVaried('reasoning-tokens')) twice('--vary effort', 'reasoning-tokens');
}

/** Returns a reader of the prompt that reads standard input, files and the editor only once. */
function readOnce({ lanes, isQuiet }: AskedLanes, context: Context): typeof readPieces {
  let pieces: Promise<PromptPieces> | undefined;
  const hasOtherPrompt = lanes.variations.some(({ key }) => key === 'prompt' || key === 'template');
  // With another source of a prompt, orx does not wait for a silent standard input.
  const terminal: Pick<Context['terminal'], 'readStdin'> = {
    readStdin: (options) =>
      context.terminal.readStdin(hasOtherPrompt ? { ...options, words: [...options.words, '-f'] } : options),
  };
  return (words, options, services) => (pieces ??= readPieces(words, options, services, isQuiet, terminal));
}

async function readVariant(
  varied: readonly VariedValue[],
  { words, flags, prompt, isQuiet }: AskedLanes,
  read: typeof readPieces,
  context: Context,
): Promise<Variant> {
  const textOf = (key: string): string | undefined => varied.find((value) => value.key === key)?.text;
  const template = textOf('template');
  const question = textOf('prompt');
  const own = Object.fromEntries(
    varied.filter(({ key }) => key !== 'template' && key !== 'prompt').map(({ key, text }) => [key, text]),
  );
  const prepared = await preparePrompt(
    {
      words,
      flags: { ...flags, ...own },
      prompt: template === undefined ? prompt : { ...prompt, template },
      read: async (...given) => {
        const pieces = await read(...given);
        return question === undefined ? pieces : { ...pieces, text: joinPrompt(pieces.text, [question]) };
      },
    },
    COMPARE_SETTINGS,
    isQuiet,
    context,
  );
  const { content, resolved } = prepared;
  if (content === undefined) throw usageError('no prompt given', 'add a prompt: orx compare "PROMPT" -m MODEL,MODEL');
  const settings = await resolveSettingModels(resolved.values, context, { isQuiet }, ['fallback']);
  return { varied, content, settings, prepared };
}
