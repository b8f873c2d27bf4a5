import type { ConnectionSettings } from '../../core/settings/groups.ts';
import type { ConversationFilter, Conversations } from '../../storage/conversations/conversations.ts';
import type { Context } from '../context.ts';

/** Returns the exit code of a command that shows conversations: 1 if some of them are lost. */
export function codeOf({ isIncomplete }: Pick<Conversations, 'isIncomplete'>): number {
  return isIncomplete ? 1 : 0;
}

/** Opens the conversations for a command of history. */
export async function openHistory(settings: ConnectionSettings, context: Context): Promise<Conversations> {
  const store = await context.stores.for(settings).openConversations();
  try {
    // Turns the answers of killed commands into text, so that they are found.
    store.closeLost();
  } catch {
    // A file of another user can be read without this.
  }
  return store;
}

/** Returns the filter with the project that its folder belongs to. */
export function inProject(filter: ConversationFilter, context: Context): ConversationFilter {
  const { project } = filter;
  return project === undefined ? filter : { ...filter, project: context.files.projectFolder(project) };
}
