import type { SettingFlags } from '../register.ts';
import type { TranscriptFlags } from './flags.ts';
import { usageError } from '../../errors.ts';

/** The conversation of a chat command. */
export interface TranscriptChoice {
  /** Continue the latest conversation of this project. */
  continues: boolean;
  /** A prefix of the id of the conversation to continue. */
  session: string | undefined;
  /** Continue a copy of it. */
  forks: boolean;
}

export const NEW_CONVERSATION: TranscriptChoice = { continues: false, session: undefined, forks: false };

/** Returns the settings with `-n` applied; it is short for two of them. */
export function unlogged(flags: SettingFlags, { log }: TranscriptFlags): SettingFlags {
  return log ? flags : { ...flags, history: false, ledger: false };
}

/**
 * Parses the flags. Throws a usage error for a copy without an original. contradictions.ts has already checked for flags that
 * contradict each other.
 */
export function parseTranscriptChoice(options: TranscriptFlags & { dryRun?: true | undefined }): TranscriptChoice {
  const session = options.session ?? options.cid;
  const continues = options.continue === true;
  const forks = options.fork === true;
  if (forks && !continues && session === undefined) {
    throw usageError(
      '--fork needs a conversation to copy',
      'copy the latest one: -c --fork',
      'copy another one: --session ID --fork',
    );
  }
  // A dry run stores nothing, so it makes no copy.
  return { continues, session, forks: forks && options.dryRun !== true };
}
