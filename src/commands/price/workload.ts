import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { joinPrompt } from '../prompt/compose.ts';
import { USUAL_IMAGE } from '../../core/tokens/image-tokens.ts';
import { planWorkload, type PlannedWorkload, type WorkloadPlan } from '../../core/price/plan-workload.ts';
import { promptCounter } from '../../core/price/prompt-count.ts';
import { learnedRatio } from '../../core/tokens/learned-ratio.ts';
import { tokenizerFor } from '../../core/tokens/tokenizer.ts';
import { modelFamily } from '../../core/model-id/family.ts';
import { usageError } from '../../errors.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import type { Context } from '../context.ts';
import type { PriceOptions } from './options.ts';

/** The parts of the ledger that a quote needs. */
type Past = Pick<Ledger, 'calibration' | 'outputLength'>;

/** How long the writer of a pipe may take to send its first byte. */
const STDIN_MS = 1000;

export interface AskedWorkload {
  plan: WorkloadPlan;
  /** Undefined if no text was given. */
  texts: { system: string | undefined; user: string | undefined } | undefined;
}

/** Reads the parts of the prompt in the order of `orx chat`: standard input, then files, then the words of `--prompt`. */
export async function readWorkload(options: PriceOptions, context: Context): Promise<AskedWorkload> {
  const { settings, hasSystemFlag } = options;
  const texts: (string | undefined)[] = [];
  const isStdinNamed = options.files.includes('-');
  if (options.input !== undefined) await refuseStdin(context);
  // A quote is possible without standard input, so the wait for silent input is limited.
  else texts.push(await context.terminal.readStdin({ words: [isStdinNamed ? '-' : 'price'], isQuiet: false }));
  for (const path of options.files) if (path !== '-') texts.push(await context.files.readFileText(path));
  const read = texts.filter((text) => text !== undefined);
  const user = joinPrompt(
    read.length === 0 ? undefined : read.join('\n\n'),
    options.prompt === undefined ? [] : [options.prompt],
  );
  const images = Array.from({ length: options.images }, () => USUAL_IMAGE);
  for (const path of options.imageFiles) images.push(await context.files.readImageSize(path));
  const { output, usesPast, reasoning, searches, cachedShare, cacheWriteShare } = options;
  const hasText = user !== undefined || (hasSystemFlag && options.input === undefined);
  return {
    plan: { output, usesPast, reasoning, searches, cachedShare, cacheWriteShare, images },
    texts: hasText ? { system: settings.system, user } : undefined,
  };
}

/**
 * Throws a usage error for a piped prompt, so that it is not silently ignored. A writer that is silent for `STDIN_MS` counts as
 * no prompt.
 */
async function refuseStdin(context: Context): Promise<void> {
  if ((await context.terminal.readStdin({ words: ['price'], isQuiet: true, silenceMs: STDIN_MS })) === undefined) return;
  throw usageError(
    '--in cannot be combined with a prompt on standard input',
    'omit --in, or give no standard input (also inside a loop): orx price --in 1200 < /dev/null',
  );
}

/** Returns the workload of each model, with that model's token counts, in the order of the models. */
export async function workloadsFor(
  models: readonly Model[],
  { plan, texts }: AskedWorkload,
  options: PriceOptions,
  past: Past | undefined,
): Promise<PlannedWorkload[]> {
  const count = texts === undefined ? undefined : promptCounter(texts);
  return Promise.all(
    models.map(async ({ id }) => {
      const counted = await count?.(id, past && learnedRatio(past, modelFamily(id)));
      const prompt = { tokens: counted?.tokens ?? options.input ?? options.assumedInput, counted };
      return planWorkload(id, prompt, plan, plan.usesPast ? past?.outputLength(id) : undefined);
    }),
  );
}

/** Returns the ledger if its data affects these models. If it cannot be read, returns undefined and the quote is less precise. */
export async function openPast(
  models: readonly Model[],
  { plan, texts }: AskedWorkload,
  settings: ConnectionSettings,
  context: Context,
): Promise<Past | undefined> {
  const isEstimated = texts !== undefined && models.some(({ id }) => !tokenizerFor(id).isExact);
  if (!plan.usesPast && !isEstimated) return undefined;
  try {
    return await context.stores.for(settings).openLedger();
  } catch {
    return undefined;
  }
}
