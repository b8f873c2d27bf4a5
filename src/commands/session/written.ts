import type { Draft } from '../../core/session/draft.ts';

/** A question as it was written, beside the message that was made of it. */
export interface Written {
  draft: Draft;
  /** What was attached, with its size where that is known. */
  attached: readonly string[];
  /** What the user would not send. */
  declined: readonly string[];
  /** What looks like a file and is none. */
  missing: readonly string[];
}
