import { readForKeyPress } from '../read-for-key-press.ts';
import { CONVERSATION_MIGRATIONS } from './migrations.ts';
import { texts } from '../sqlite/stored-text.ts';
import type { ConversationsPlace } from './open-conversations.ts';

const MOST_CONVERSATIONS = 100;

/**
 * Ids and titles of the conversations whose id begins like this, those changed last first, for a key press. A title is text from outside.
 */
export function readTitles(
  place: Pick<ConversationsPlace, 'folder' | 'name'>,
  prefix: string,
): readonly { id: string; title: string }[] {
  const rows = readForKeyPress(place, CONVERSATION_MIGRATIONS, (sql) =>
    sql.all<{ id: string; title: string }>(
      // The index of times is read from its end only as far as it takes.
      `SELECT ${texts('id', 'title')} FROM conversation WHERE substr(id, 1, ?) = ? ORDER BY updated_at DESC, row DESC LIMIT ${MOST_CONVERSATIONS}`,
      [prefix.length, prefix],
    ),
  );
  return rows ?? [];
}
