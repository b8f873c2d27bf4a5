import { onTestFinished } from 'vitest';
import type { Conversations } from '../../src/storage/conversations/conversations.ts';
import { openConversations } from '../../src/storage/conversations/open-conversations.ts';
import type { Owner } from '../../src/storage/files/owner.ts';
import { NOW } from './conversation-entries.ts';
import { tempFolder } from './temp-home.ts';

/** Conversations in a folder of their own (or the given one), closed when the test is over. */
export async function testConversations({
  folder = tempFolder(),
  owner,
  now = () => NOW,
}: { folder?: string; owner?: Owner; now?: () => number } = {}): Promise<Conversations> {
  const store = await openConversations({ folder, name: 'conversations', now, ...(owner !== undefined && { owner }) });
  onTestFinished(() => store.close());
  return store;
}
