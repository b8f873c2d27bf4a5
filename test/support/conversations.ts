import { onTestFinished } from 'vitest';
import type { Conversations } from '../../src/storage/conversations/conversations.ts';
import { openConversations } from '../../src/storage/conversations/open-conversations.ts';
import type { Owner } from '../../src/storage/files/owner.ts';
import { NOW } from './conversation-entries.ts';
import { tempFolder } from './temp-home.ts';

/** Opens conversations in a new folder (or the given one) and closes them at the end of the test. */
export async function testConversations({
  folder = tempFolder(),
  owner,
  now = () => NOW,
}: { folder?: string; owner?: Owner; now?: () => number } = {}): Promise<Conversations> {
  const store = await openConversations({ folder, name: 'conversations', now, ...(owner !== undefined && { owner }) });
  onTestFinished(() => store.close());
  return store;
}
