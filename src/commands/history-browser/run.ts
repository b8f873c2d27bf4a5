import type { ResolvedSettings } from '../../core/settings/settings.ts';
import type { Context } from '../context.ts';
import { inProject, openHistory } from '../history/open.ts';
import { type ListOptions, parseList } from '../history/options.ts';
import type { HistoryFilterFlags } from '../history/flags.ts';
import { terminalFacts } from '../is-drawable.ts';
import type { CommandInput, SettingFlags } from '../register.ts';
import type { JsonFlags } from '../with-json.ts';

/** `orx history`: the browser where it can be drawn and nothing else was asked for, else the list. */
interface HistoryRun {
  list: ListOptions;
  isLive: boolean;
  /** Of the conversation that is resumed. */
  settings: ResolvedSettings['values'];
  flags: SettingFlags;
}

/** `orx history list` */
export const historyCommand = { parse: parseHistory, run: runHistory };

function parseHistory(input: CommandInput<HistoryFilterFlags & JsonFlags & { static?: true }>): HistoryRun {
  const { options, settings, flags, terminal } = input;
  const isListAsked =
    options.static === true || options.limit !== undefined || options.output !== undefined || options.json === true;
  return {
    list: parseList(input),
    isLive: !isListAsked && terminal.stdout.isAnimated && terminal.hasKeyboard,
    settings,
    flags,
  };
}

async function runHistory({ list, isLive, settings, flags }: HistoryRun, context: Context): Promise<number> {
  if (isLive) {
    const store = await openHistory(list.settings, context);
    // There is nothing to look for.
    if (store.list(inProject(list.filter, context), 1).length > 0) {
      const { browseHistory } = await import('./browse.ts');
      return browseHistory(list, store, context, (id) => resume(id, { settings, flags }, context));
    }
  }
  return (await import('../history/list.ts')).listHistory.run(list, context);
}

async function resume(
  id: string,
  { settings, flags }: Pick<HistoryRun, 'settings' | 'flags'>,
  context: Context,
): Promise<number> {
  // Ink lets go of the keyboard so that reading from it keeps no program running: whoever asks next would get no answer.
  context.terminal.streams.stdin.ref();
  const [{ runChat }, { conversationOptions }] = await Promise.all([import('../chat/run.ts'), import('../chat/options.ts')]);
  const options = conversationOptions(flags, settings, terminalFacts(context));
  return runChat({ ...options, choice: { ...options.choice, session: id } }, context);
}
