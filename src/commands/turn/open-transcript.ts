import type { ChatSettings, ConnectionSettings, HistorySettings } from '../../core/settings/groups.ts';
import { createTranscript } from '../../core/conversation/create-transcript.ts';
import type { Transcript } from '../../core/conversation/transcript.ts';
import { isExplicit } from '../../core/settings/layers.ts';
import type { ResolvedSettings } from '../../core/settings/settings.ts';
import { withSettings } from '../../core/settings/with-settings.ts';
import { usageError } from '../../errors.ts';
import type { Conversation, Conversations, StoredMessage } from '../../storage/conversations/conversations.ts';
import type { Journal } from '../../storage/journal/journal.ts';
import type { Context } from '../context.ts';
import { findConversation } from '../history/find-conversation.ts';
import type { TranscriptChoice } from './transcript-options.ts';

export interface OpenTranscript {
  transcript: Transcript;
  /** Includes the model and the system prompt of a continued conversation, unless the flags set others. */
  settings: ChatSettings;
}

/**
 * Opens the conversation of a command: a new one, or one to continue. If a new one cannot be stored, the error is added to the
 * transcript and the command continues without storing. With a journal, which is for new conversations only, the database is opened
 * later. Throws if a conversation to continue is not found or cannot be read.
 */
export async function openTranscript(
  { values, sources }: { values: ChatSettings; sources: ResolvedSettings['sources'] },
  choice: TranscriptChoice,
  context: Context,
  { isConversation, journal }: { isConversation: boolean; journal?: Journal | undefined },
): Promise<OpenTranscript> {
  const { now, sleep } = context.clock;
  const goesOn = choice.continues || choice.session !== undefined;
  const opening = { isNeeded: goesOn, isOff: sources.history.source === 'flag' };
  const { store, errors } = journal === undefined ? await openStore(values, opening, context) : { errors: [] };
  const continued = store !== undefined && goesOn ? continuedFrom(store, choice, context) : undefined;
  const given = continued?.conversation;
  const settings =
    given === undefined
      ? values
      : withSettings(values, {
          ...(!isExplicit(sources.model.source) && { model: given.model }),
          ...(!isExplicit(sources.system.source) && { system: given.system }),
        });
  const transcript = createTranscript({
    store: journal === undefined || !values.history ? store : journal.conversations,
    errors,
    conversation: {
      ...given,
      id: given?.id ?? context.stores.newId(),
      createdAt: given?.createdAt ?? now(),
      model: settings.model,
      system: settings.system,
      project: given?.project ?? context.files.projectFolder(),
      profile: given?.profile ?? settings.profile,
    },
    stored: continued?.stored ?? [],
    isConversation,
    marksCache: settings['prompt-cache'],
    now,
    sleep,
  });
  return { transcript, settings };
}

async function openStore(
  settings: ConnectionSettings & HistorySettings,
  /** With `isOff`, a flag disables storing. A stored setting that disables it does not apply to a conversation to continue. */
  { isNeeded, isOff }: { isNeeded: boolean; isOff: boolean },
  context: Context,
): Promise<{ store?: Conversations; errors: readonly unknown[] }> {
  if (!settings.history && (isOff || !isNeeded)) {
    if (!isNeeded) return { errors: [] };
    throw usageError('a conversation that is not stored cannot be continued', 'omit -n and --no-history');
  }
  try {
    const store = await context.stores.for(settings).openConversations();
    return { store, errors: [] };
  } catch (error) {
    if (isNeeded) throw error;
    return { errors: [error] };
  }
}

function continuedFrom(
  store: Conversations,
  { session, forks }: TranscriptChoice,
  context: Context,
): { conversation: Conversation; stored: readonly StoredMessage[] } {
  let conversation = session === undefined ? latestOf(store, context) : findConversation(store, session);
  let stored = store.messages(conversation.id);
  if (forks) {
    const copy = { id: context.stores.newId(), at: context.clock.now() };
    store.fork(conversation.id, copy);
    conversation = findConversation(store, copy.id);
    stored = store.messages(copy.id);
  } else if (stored.some(({ state }) => state === 'streaming')) {
    throw usageError(
      `the conversation is in use by another orx (${conversation.id.slice(0, 10)})`,
      'wait for it, or continue in a copy: --fork',
    );
  }
  return { conversation, stored };
}

function latestOf(store: Conversations, context: Context): Conversation {
  const [latest] = store.list({ project: context.files.projectFolder() }, 1);
  if (latest === undefined) {
    throw usageError(
      'no conversation in this project yet',
      'start one: orx chat "PROMPT"',
      'find one of another project: orx history',
    );
  }
  return latest;
}
