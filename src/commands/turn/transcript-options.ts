import type { SettingFlags } from '../register.ts';
import type { TranscriptFlags } from './flags.ts';
import { usageError } from '../../errors.ts';

/** Which conversation a run of chat belongs to. */
export interface TranscriptChoice {
  /** The latest one of this project. */
  continues: boolean;
  /** The one whose id begins like this. */
  session: string | undefined;
  /** A copy of it. */
  forks: boolean;
}

export const NEW_CONVERSATION: TranscriptChoice = { continues: false, session: undefined, forks: false };

/** The settings with what `-n` means; it is short for two of them. */
export function unlogged(flags: SettingFlags, { log }: TranscriptFlags): SettingFlags {
  return log ? flags : { ...flags, history: false, ledger: false };
}

/** Throws a usage error for a copy of nothing. Flags that contradict each other are found before: contradictions.ts. */
export function parseTranscriptChoice(options: TranscriptFlags & { dryRun?: true }): TranscriptChoice {
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
  // A dry run leaves nothing behind, and so no copy.
  return { continues, session, forks: forks && options.dryRun !== true };
}
