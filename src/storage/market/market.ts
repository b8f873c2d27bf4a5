import type { Model } from '../../apis/catalogue.ts';

/** A model that was listed unchanged from `from` until `to`: when it was first seen changed, or, if it was removed, when it was last seen. */
export interface ModelSpan {
  from: number;
  to: number;
  model: Model;
}

/** The catalogue at one moment. */
export interface Snapshot {
  at: number;
  models: readonly Model[];
}

/**
 * Past catalogues of one API, to compare prices with those of another day. A model that has not changed takes no additional space. Times are
 * milliseconds since 1970. Any number of processes may use it at once.
 */
export interface Market {
  path: string;
  /** Notices about the file for the user: damage, and what was recovered. */
  notices: readonly string[];
  /** Snapshots are missing, or may be. */
  isIncomplete: boolean;
  /**
   * Records the catalogue at this moment. Returns whether it differs from the previous one. An unchanged catalogue is recorded at most once an
   * hour; an empty one, or one older than the latest, is skipped.
   */
  record(models: readonly Model[], at: number): boolean;
  /** Returns the snapshots, oldest first: since when the catalogue was in this state, when it was last seen so, and its number of models. */
  moments(): readonly { at: number; until: number; models: number }[];
  /** Returns the latest snapshot that is not after this moment; undefined if there is none. */
  at(moment: number): Snapshot | undefined;
  /** Returns the listings of one model over time, oldest first. A gap between two means that the model was not listed. */
  history(modelId: string): readonly ModelSpan[];
  /** Deletes snapshots that were last seen before this moment. Returns the number of deleted snapshots. */
  prune(before: number): number;
  /** Size on disk. */
  bytes(): number;
  close(): void;
}
