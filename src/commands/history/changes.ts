import { parseStart } from '../../core/time/parse-time.ts';
import { usageError } from '../../errors.ts';
import { conversationJson } from '../../output/history/json.ts';
import { visibleLine, visibleText } from '../../output/text/visible.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import { findConversation } from './find-conversation.ts';
import { openHistory } from './open.ts';
import type { Run } from '../register.ts';
import type { CommandInput } from '../setting-options.ts';
import { showJson } from '../show-table.ts';

/** `orx history fork` */
export const forkHistory: Run = async (input, context) => {
  const store = await openHistory(input, context);
  const { id } = findConversation(store, input.words[0] ?? '');
  const copy = { id: context.stores.newId(), at: context.clock.now() };
  store.fork(id, copy);
  if (isJson(input)) await showJson(context, [], conversationJson(findConversation(store, copy.id)));
  else await write(context.terminal.streams.stdout, `${copy.id}\n`);
  return 0;
};

/** `orx history rename` */
export const renameHistory: Run = async (input, context) => {
  const [prefix = '', ...words] = input.words;
  const title = words.join(' ').replaceAll(/\s+/g, ' ').trim();
  if (title === '') throw usageError('a title has to say something', 'such as: orx history rename 01k9 pool exhaustion');
  const store = await openHistory(input, context);
  const { id } = findConversation(store, prefix);
  store.rename(id, title);
  if (isJson(input)) await showJson(context, [], conversationJson(findConversation(store, id)));
  else await write(context.terminal.streams.stderr, `${id} is now: ${visibleLine(title)}\n`);
  return 0;
};

/** `orx history delete`: all that are named, or none when one of the names fits none or several. */
export const deleteHistory: Run = async (input, context) => {
  const store = await openHistory(input, context);
  const named = [...new Map(input.words.map((prefix) => findConversation(store, prefix)).map((one) => [one.id, one])).values()];
  const deleted = store.remove(named.map(({ id }) => id));
  if (isJson(input)) await showJson(context, [], { deleted, ids: named.map(({ id }) => id) });
  else
    for (const { id, title } of named)
      await write(context.terminal.streams.stderr, `deleted: ${visibleLine(`${title} (${id})`)}\n`);
  return 0;
};

/** `orx history prune` */
export const pruneHistory: Run = async (input, context) => {
  const before = parseStart('--before', String(input.options['before']), context.clock.now());
  if (before === undefined) {
    throw usageError('--before all would delete everything', 'to start anew, remove the file: orx history path');
  }
  const store = await openHistory(input, context);
  const deleted = store.prune(before);
  if (isJson(input)) await showJson(context, [], { deleted });
  else await write(context.terminal.streams.stderr, `${deleted} ${deleted === 1 ? 'conversation' : 'conversations'} deleted\n`);
  return 0;
};

/** `orx history path` */
export const printHistoryPath: Run = async (input, context) => {
  const { path } = await context.stores.for(context.stores.resolveSettings(input.flags).values).openConversations();
  if (isJson(input)) await showJson(context, [], { path });
  else await write(context.terminal.streams.stdout, `${shown(path, context)}\n`);
  return 0;
};

function shown(
  path: string,
  {
    terminal: {
      streams: { stdout },
    },
  }: Context,
): string {
  return stdout.isTTY ? visibleText(path) : path;
}

function isJson({ options }: CommandInput): boolean {
  return options['json'] === true;
}
