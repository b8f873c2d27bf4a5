import { readForKeyPress } from '../read-for-key-press.ts';
import { CONVERSATION_MIGRATIONS } from './migrations.ts';
import { texts } from '../sqlite/stored-text.ts';
import type { ConversationsPlace } from './open-conversations.ts';

const MOST_CONVERSATIONS = 100;

/** Returns ids and (untrusted) titles of conversations whose id starts with `prefix`, most recently changed first, for completion. */
export function readTitles(
  place: Pick<ConversationsPlace, 'folder' | 'name'>,
  prefix: string,
): readonly { id: string; title: string }[] {
  const rows = readForKeyPress(place, CONVERSATION_MIGRATIONS, (sql) =>
    sql.all<{ id: string; title: string }>(
      // The query reads the index of times backward, only as far as necessary.
      `SELECT ${texts('id', 'title')} FROM conversation WHERE substr(id, 1, ?) = ? ORDER BY updated_at DESC, row DESC LIMIT ${MOST_CONVERSATIONS}`,
      [prefix.length, prefix],
    ),
  );
  return rows ?? [];
}
