import type { ConnectionSettings } from '../../core/settings/groups.ts';
import type { ConversationFilter, Conversations } from '../../storage/conversations/conversations.ts';
import type { Context } from '../context.ts';

/** How a command ends that shows conversations: not well where some of them are lost. */
export function codeOf({ isIncomplete }: Pick<Conversations, 'isIncomplete'>): number {
  return isIncomplete ? 1 : 0;
}

/** The conversations that a command of history works on. */
export async function openHistory(settings: ConnectionSettings, context: Context): Promise<Conversations> {
  const store = await context.stores.for(settings).openConversations();
  try {
    // Answers of killed runs are text from now on, and found.
    store.closeLost();
  } catch {
    // Somebody else's file can be read all the same.
  }
  return store;
}

/** The filter with the project that its folder belongs to. */
export function inProject(filter: ConversationFilter, context: Context): ConversationFilter {
  const { project } = filter;
  return project === undefined ? filter : { ...filter, project: context.files.projectFolder(project) };
}
