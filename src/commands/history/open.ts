import { parseLimit } from '../../core/settings/parse-count.ts';
import { parsePeriod } from '../../core/usage/parse-period.ts';
import type { ConversationFilter, Conversations } from '../../storage/conversations/conversations.ts';
import type { Context } from '../context.ts';
import type { CommandInput } from '../setting-options.ts';

/** How a command ends that shows conversations: not well where some of them are lost. */
export function codeOf({ isIncomplete }: Pick<Conversations, 'isIncomplete'>): number {
  return isIncomplete ? 1 : 0;
}

/** The conversations that a command of history works on. */
export async function openHistory({ flags }: CommandInput, context: Context): Promise<Conversations> {
  const store = await context.stores.for(context.stores.resolveSettings(flags).values).openConversations();
  try {
    // Answers of killed runs are text from now on, and found.
    store.closeLost();
  } catch {
    // Somebody else's file can be read all the same.
  }
  return store;
}

/** What `--since`, `--model`, `--project` and `--limit` choose. Throws a usage error that names the flag. */
export function historyFilter({ options }: CommandInput, context: Context): { filter: ConversationFilter; limit: number } {
  const text = (name: string): string | undefined => options[name] as string | undefined;
  const period = parsePeriod({ since: text('since') ?? 'all', until: text('until') }, context.clock.now());
  const project = text('project');
  return {
    filter: {
      since: period.since,
      before: period.until,
      model: text('model'),
      project: project === undefined ? undefined : context.files.projectFolder(project),
    },
    limit: parseLimit('--limit', String(options['limit'])),
  };
}
