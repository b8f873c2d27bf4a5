import { usageError } from '../../errors.ts';
import type { Conversation, Conversations } from '../../storage/conversations/conversations.ts';

const MOST_NAMED = 3;

/** Returns the one conversation whose id starts with the prefix. Throws a usage error with hints if there is none or several. */
export function findConversation(store: Conversations, prefix: string): Conversation {
  const text = prefix.trim().toLowerCase();
  const matches = text === '' ? [] : store.find(text, MOST_NAMED + 1);
  const exact = matches.find(({ id }) => id === text);
  if (exact !== undefined) return exact;
  if (matches.length === 1) return matches[0]!;
  if (matches.length === 0) {
    throw usageError(
      `no conversation id starts with "${prefix}"`,
      'list the conversations: orx history',
      'search them: orx history search WORDS',
    );
  }
  const more = matches.length > MOST_NAMED ? ', …' : '';
  const names = matches.slice(0, MOST_NAMED).map(({ id }) => id.slice(0, lengthToTellApart(matches, text)));
  throw usageError(`"${prefix}" matches more than one conversation id`, `use a longer prefix: ${names.join(', ')}${more}`);
}

/** Returns the number of characters that distinguish these ids. */
function lengthToTellApart(conversations: readonly Conversation[], prefix: string): number {
  const longest = conversations[0]?.id.length ?? 0;
  for (let length = prefix.length + 1; length < longest; length += 1) {
    if (new Set(conversations.map(({ id }) => id.slice(0, length))).size === conversations.length) return length;
  }
  return longest;
}
