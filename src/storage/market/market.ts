import type { Model } from '../../apis/catalogue.ts';

/** A model as it was listed, unchanged, from `from` until `to`: when it was seen otherwise, or, when it then was gone, seen last. */
export interface ModelSpan {
  from: number;
  to: number;
  model: Model;
}

/** A catalogue as it was at one moment. */
export interface Snapshot {
  at: number;
  models: readonly Model[];
}

/**
 * Past catalogues of one API, so that prices of another day can be told. A model that has not changed takes no more room. Times are
 * milliseconds since 1970. Any number of processes may use it at once.
 */
export interface Market {
  path: string;
  /** What the user must hear about the file: damage, and what was recovered. */
  notices: readonly string[];
  /** Snapshots are missing, or may be. */
  isIncomplete: boolean;
  /**
   * Notes a catalogue as it is at this moment; whether it differs from the one before. One that does not is noted at most once an hour.
   * An empty one, and one from before the latest, is skipped.
   */
  record(models: readonly Model[], at: number): boolean;
  /** The snapshots there are, oldest first: since when the catalogue was like this, until when it was seen so, how many models it has. */
  moments(): readonly { at: number; until: number; models: number }[];
  /** The latest snapshot not after this moment, as it was seen last; undefined when there is none. */
  at(moment: number): Snapshot | undefined;
  /** How one model was listed over time, oldest first. A gap between two means that it was gone meanwhile. */
  history(modelId: string): readonly ModelSpan[];
  /** Forgets what was seen last before this moment; the number of snapshots that went. */
  prune(before: number): number;
  /** Size on disk. */
  bytes(): number;
  close(): void;
}
