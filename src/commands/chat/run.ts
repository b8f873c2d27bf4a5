import {
  type ChatSettings,
  type ConnectionSettings,
  FALLBACK_SETTINGS,
  HISTORY_SETTINGS,
  LEDGER_SETTINGS,
  PARAMETER_SETTINGS,
  REQUEST_SETTINGS,
  ROUTING_SETTINGS,
  SCREEN_SETTINGS,
  TOOL_SETTINGS,
} from '../../core/settings/groups.ts';
import { isExplicit } from '../../core/settings/layers.ts';
import type { SettingKey } from '../../core/settings/settings.ts';
import { isInUse } from '../../core/vendors/resolve-vendor.ts';
import { OrxError, usageError } from '../../errors.ts';
import { write } from '../../output/text/write-stream.ts';
import type { ChatOptions } from '../turn/options.ts';
import { runTurn } from '../turn/run.ts';
import { openChat } from '../turn/open.ts';
import { fitContext } from '../turn/fit-context.ts';
import { finishAnswer } from '../turn/finish-answer.ts';
import { pinLast } from '../turn/pin.ts';
import { openTranscript } from '../turn/open-transcript.ts';
import { orInterrupted } from '../or-interrupted.ts';
import { preparePrompt } from '../prompt/prepare.ts';
import { resolveSettingModels } from '../catalogue/resolve-model.ts';
import { fallbackWishes } from './fallback-wishes.ts';
import { tellPin, tellVendor } from './tell-vendor.ts';
import { showRequest } from '../turn/show-request.ts';
import type { Journal } from '../../storage/journal/journal.ts';
import type { Context } from '../context.ts';
import { type ChatRunOptions, parseChat } from './options.ts';

/** Checked before anything is sent: an invalid one stops the command. */
const SETTINGS = [
  'model',
  ...REQUEST_SETTINGS,
  ...PARAMETER_SETTINGS,
  ...ROUTING_SETTINGS,
  ...FALLBACK_SETTINGS,
  ...LEDGER_SETTINGS,
  ...HISTORY_SETTINGS,
  ...SCREEN_SETTINGS,
  ...TOOL_SETTINGS,
] as const;

/** `orx chat` */
export const chat = { parse: parseChat, run: runChat };

export async function runChat(options: ChatRunOptions, context: Context): Promise<number> {
  const { shown, choice, prompt, dropsOldest, tools: asked } = options;
  // Loads the UI while databases are opened.
  if (shown.isLive) context.lifetime.meanwhile(async () => void (await import('../../ui/chat/answer-app.tsx')));
  const mayConnect =
    prompt.dryRun !== true && options.explainsRouting !== true && options.words.length > 0 && options.refusal === undefined;
  const prepared = await preparePrompt(options, SETTINGS, shown.isQuiet, context, (settings) => {
    if (mayConnect) context.lifetime.meanwhile(() => context.apis.for(settings).connectAhead(settings.model));
  });
  const { content, template, resolved } = prepared;
  if (resolved.sources.model.source === 'vendor' && !shown.isQuiet) tellVendor(resolved.values.model, resolved.values, context);
  const finish = finishAnswer(prepared, prompt, shown.format, shown.isQuiet, context);
  const isConversation = content === undefined;
  if (isConversation && (prompt.dryRun === true || shown.isSilent)) {
    throw usageError('no prompt given', '--dry-run and -x need a prompt: orx chat -x "PROMPT"');
  }
  if (isConversation && options.explainsRouting === true)
    throw usageError('no prompt given', '--explain-routing needs a prompt: orx chat --explain-routing "PROMPT"');
  if (isConversation) requireTerminal(shown, context);
  if (isConversation && options.isBare === true && !canAsk(resolved.values, context)) {
    await write(context.terminal.streams.stdout, (await import('../../output/setup/welcome.ts')).WELCOME);
    return 0;
  }
  // Nothing has been sent yet, so Ctrl-C does not wait for databases, catalog or servers.
  const started = <T>(work: Promise<T>): Promise<T> => orInterrupted(work, context.lifetime.interrupt);
  const journal = isConversation || needsDatabases(options) ? undefined : await openJournal(resolved.values, context);
  const { transcript, settings: given } = await started(openTranscript(resolved, choice, context, { isConversation, journal }));
  const named = await started(resolveSettingModels(given, context, shown));
  const isModelGiven = isExplicit(resolved.sources.model.source);
  const pinned = options.pins === true ? await pinLast(transcript, named, context, isModelGiven) : undefined;
  const settings = pinned?.settings ?? named;
  if (pinned !== undefined && !shown.isQuiet) tellPin(pinned, context);
  const openTools = asked && (await import('../tools/open.ts')).openTools;
  const tools = openTools && (await started(openTools(asked, settings, context, shown)));
  const showing = { ...shown, tools, isFinalOnly: prepared.checkAnswer !== undefined };
  const overrides = {
    ...prepared.overrides,
    ...fallbackWishes(settings, resolved.sources),
    ...(tools !== undefined && { tools: tools.requestTools }),
  };
  transcript.useModel(settings.model);
  const fit = { dropsOldest, isQuiet: shown.isQuiet };
  const extras = { overrides, template, finish };
  const typed = (key: SettingKey): boolean => resolved.sources[key].source === 'flag';
  if (isConversation) {
    const { runSession } = await import('../session/start.ts');
    const pin = pinned && { unpinned: pinned.unpinned };
    return runSession({ transcript, settings }, showing, context, { ...fit, ...extras, pin, toolOptions: asked });
  }
  const turn = transcript.begin({ role: 'user', content });
  await fitContext(transcript, settings, fit, context);
  if (options.explainsRouting === true) {
    const { showRouting } = await import('./show-routing.ts');
    return showRouting(turn.request(settings, overrides), settings, shown.format, context);
  }
  if (prompt.dryRun === true) {
    return showRequest(turn.request(settings, overrides), settings, shown.format, context);
  }
  const hasTyped = !shown.isQuiet && ROUTING_SETTINGS.some(typed);
  const reported = hasTyped
    ? await (
        await import('./tell-without-effect.ts')
      ).tellWithoutEffect(turn.request(settings, overrides), typed, settings, context)
    : [];
  const opened = await openChat('chat', settings, context, { ...extras, transcript, journal, reported });
  const { error } = await runTurn(turn, opened, showing, context, context.lifetime.interrupt);
  if (error !== undefined) throw error;
  return 0;
}

/**
 * Returns whether a question needs the databases before it is sent: to continue a conversation, to store several requests, or to say in the first
 * line of the output whether it is stored.
 */
function needsDatabases({ choice, prompt, tools, shown, explainsRouting }: ChatRunOptions): boolean {
  const continues = choice.continues || choice.session !== undefined;
  return continues || prompt.dryRun === true || explainsRouting === true || tools !== undefined || shown.format === 'stream-json';
}

/** Opens the journal of a command that records something. Undefined: the databases are opened before the request. */
async function openJournal(settings: ChatSettings, { stores }: Context): Promise<Journal | undefined> {
  const { ledger, history } = settings;
  return ledger || history ? stores.for(settings).openJournal({ ledger, conversations: history }) : undefined;
}

/** Throws a usage error unless standard input and output are a terminal, because an interactive session needs both. */
function requireTerminal(
  { format }: ChatOptions,
  {
    terminal: {
      streams: { stdin, stdout },
    },
  }: Context,
): void {
  if (stdin.isTTY && stdout.isTTY && format === 'text') return;
  throw new OrxError('no prompt given', {
    kind: 'usage',
    code: 'no-prompt',
    hints: ['add a prompt: orx chat "PROMPT"', 'pipe it in: orx chat < FILE'],
  });
}

/** Returns whether a request can be sent: to OpenRouter with a key, to a vendor, or to the sandbox. */
function canAsk(settings: ConnectionSettings, { apis }: Context): boolean {
  return settings.sandbox || settings['api-key'] !== undefined || apis.for(settings).vendors().some(isInUse);
}
