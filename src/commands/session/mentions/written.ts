import type { Draft } from '../../../core/session/draft.ts';

/** A question as the user wrote it, stored with the message made of it. */
export interface Written {
  draft: Draft;
  /** The attachments, with their sizes if known. */
  attached: readonly string[];
  /** The attachments that the user declined. */
  declined: readonly string[];
  /** Names that resemble a file but do not exist. */
  missing: readonly string[];
}
