import type { ResolvedSettings } from '../../core/settings/settings.ts';
import type { Context } from '../context.ts';
import { inProject, openHistory } from '../history/open.ts';
import { type ListOptions, parseList } from '../history/options.ts';
import type { HistoryFilterFlags } from '../history/flags.ts';
import { terminalFacts } from '../is-drawable.ts';
import type { CommandInput, SettingFlags } from '../register.ts';
import type { JsonFlags } from '../with-json.ts';

/** `orx history`: the browser if it can be drawn and no list was requested, else the list. */
interface HistoryRun {
  list: ListOptions;
  isLive: boolean;
  /** The settings of the resumed conversation. */
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
    // With an empty history there is nothing to browse.
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
  // Ink unrefs standard input, so that reading it does not keep a program running. Without this, the next prompt would get no
  // answer.
  context.terminal.streams.stdin.ref();
  const [{ runChat }, { conversationOptions }] = await Promise.all([import('../chat/run.ts'), import('../chat/options.ts')]);
  const options = conversationOptions(flags, settings, terminalFacts(context));
  return runChat({ ...options, choice: { ...options.choice, session: id } }, context);
}
