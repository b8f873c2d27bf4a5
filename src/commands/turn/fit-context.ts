import type { ConnectionSettings, LedgerSettings, RequestSettings } from '../../core/settings/groups.ts';
import {
  contextUse,
  dropOldest,
  exceedsContext,
  seemsTooLong,
  type ContextOptions,
  type ContextUse,
} from '../../core/conversation/context-use.ts';
import type { Transcript } from '../../core/conversation/transcript.ts';
import { findListed } from '../../core/models/find-listed.ts';
import { scopeOf } from '../../core/model-id/catalogue-scope.ts';
import { modelFamily } from '../../core/model-id/family.ts';
import { learnedRatio } from '../../core/tokens/learned-ratio.ts';
import { ratioBounds } from '../../core/tokens/token-margin.ts';
import { usageError } from '../../errors.ts';
import { parameterHint } from '../../hints.ts';
import { countText } from '../../output/text/number.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Context } from '../context.ts';

/** Most tokens of overhead that the ledger may have learned. */
const MOST_OVERHEAD = 512;
/** No model has a smaller context, so a short conversation needs no lookup. */
const SMALLEST_CONTEXT = 2000;

export interface FitOptions {
  /** Whether the oldest turns may be omitted without asking. */
  dropsOldest: boolean;
  isQuiet: boolean;
}

/**
 * Returns how full the context of the next request is. Reads the catalog (the stored copy, if there is one) and what the ledger
 * has learned; with `onlyIfClose`, opens the ledger only if what it has learned could matter for whether the request fits.
 */
export async function readContextUse(
  transcript: Transcript,
  settings: ConnectionSettings & RequestSettings & LedgerSettings,
  context: Context,
  { onlyIfClose = false } = {},
): Promise<{ use: ContextUse; options: ContextOptions }> {
  const known = { system: settings.system, maxTokens: settings['max-tokens'] };
  const roughly = contextUse(transcript.sent(), { ...known, contextLength: undefined });
  if (roughly.used + (known.maxTokens ?? 0) < SMALLEST_CONTEXT)
    return { use: roughly, options: { ...known, contextLength: undefined } };
  const reading = await context.apis
    .for(settings)
    .readCatalogue({ preferStored: true, signal: context.lifetime.interrupt, scope: scopeOf([settings.model]) })
    .catch(() => undefined);
  const options = {
    ...known,
    contextLength: findListed(settings.model, reading?.catalogue.models ?? [])?.contextLength,
  };
  const family = modelFamily(settings.model);
  const blind = contextUse(transcript.sent(), options);
  const isFar = blind.limit === undefined || blind.used * ratioBounds(family).high + MOST_OVERHEAD <= blind.limit;
  if (!settings.ledger || (onlyIfClose && isFar)) return { use: blind, options };
  const ledger = await context.stores
    .for(settings)
    .openLedger()
    .catch(() => undefined);
  const learned = ledger && learnedRatio(ledger, family);
  return learned === undefined
    ? { use: blind, options }
    : { use: contextUse(transcript.sent(), { ...options, learned }), options: { ...options, learned } };
}

/**
 * Checks that a conversation fits its model before anything is sent. If it is certainly too long, omits the oldest turns, if the
 * flag allows it or the user agrees. Throws a usage error if the user does not agree, or if the last question alone is too long.
 * A length that is only estimated causes a warning.
 */
export async function fitContext(
  transcript: Transcript,
  settings: ConnectionSettings & RequestSettings & LedgerSettings,
  fit: FitOptions,
  context: Context,
): Promise<void> {
  const { use, options } = await readContextUse(transcript, settings, context, { onlyIfClose: true });
  if (!seemsTooLong(use)) return;
  const said = sizeText(use, settings);
  if (!exceedsContext(use) && (!fit.dropsOldest || dropOldest(transcript.sent(), options)?.from === undefined)) {
    if (!fit.isQuiet) context.terminal.streams.stderr.write(`warning: this may not fit: ${said}\n`);
    return;
  }
  const shorter = dropOldest(transcript.sent(), options);
  if (shorter?.from === undefined) {
    throw usageError(
      `the prompt does not fit: ${said}`,
      'find a model with a longer context: orx models --min-context 1M',
      ...(options.maxTokens === undefined ? [] : [parameterHint('leave more room for the prompt', 'max-tokens', 'N')]),
    );
  }
  const turns = `${shorter.droppedTurns} oldest ${shorter.droppedTurns === 1 ? 'turn' : 'turns'}`;
  const isAgreed = fit.dropsOldest || (await agrees(`the conversation does not fit: ${said}. Leave out the ${turns}?`, context));
  if (!isAgreed) {
    throw usageError(
      `the conversation does not fit: ${said}`,
      { shell: `drop the ${turns}: --drop-oldest`, session: `drop the ${turns}: /compact drop` },
      'find a model with a longer context: orx models --min-context 1M',
    );
  }
  transcript.sendFrom(shorter.from);
  if (!fit.isQuiet)
    context.terminal.streams.stderr.write(
      `warning: the ${turns} ${shorter.droppedTurns === 1 ? 'is' : 'are'} no longer sent: ${said}\n`,
    );
}

/** Returns, for example, `about 222,000 tokens, and a/model accepts 200,000`. */
export function sizeText(use: ContextUse, settings: RequestSettings): string {
  return `about ${countText(use.used)} tokens, and ${visibleLine(settings.model)} accepts ${countText(use.contextLength ?? 0)}`;
}

/** Asks the user. Returns false without a terminal. */
async function agrees(
  question: string,
  {
    terminal: {
      askLine,
      streams: { stdin, stdout },
    },
  }: Context,
): Promise<boolean> {
  if (!stdin.isTTY || !stdout.isTTY) return false;
  return /^y(es)?$/i.test((await askLine(`${question} [y/N] `))?.trim() ?? '');
}
