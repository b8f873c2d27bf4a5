/** A lane of a comparison, as it is stored with a vote or a verdict. */
export interface StoredLane {
  /** Its name on the board: the model, and what distinguishes the lane from others of the model. */
  name: string;
  /** The requested model. */
  model: string;
  /** The model and the provider that answered. */
  served?: string | undefined;
  provider?: string | undefined;
  /** What `--vary` changed, as key and value. */
  varied?: Readonly<Record<string, string>> | undefined;
}

/** What is stored with every decision. It contains neither the prompt nor the answers. */
interface StoredDecision {
  version: 1;
  /** Milliseconds since 1970. */
  at: number;
  /** Hash of the prompt. Decisions on one prompt are one cluster. */
  prompt: string;
  lanes: readonly StoredLane[];
  /** The version of orx. */
  orx: string;
}

/** `alike`: all answers are equally good · `bad`: none of them is good. Both count as ties. */
export type VoteChoice = { best: number } | 'alike' | 'bad';

/** One blind vote of a person. */
export interface StoredVote extends StoredDecision {
  type: 'vote';
  /** Indices of `lanes` in the order in which their answers were shown. */
  slots: readonly number[];
  /** An index of `lanes`, or a tie. */
  choice: VoteChoice;
  /** From the end of the answers to the vote, in milliseconds. */
  shownMs: number;
}

/** What a judge said about two answers in one order. */
export interface StoredGame {
  /** The index in `lanes` of the answer that was shown as A. */
  shownFirst: 0 | 1;
  verdict: 'A' | 'B' | 'tie' | 'unreadable' | 'failed';
}

/** A judge's decision about two answers, which it saw in both orders. `lanes` has two entries. */
export interface StoredVerdict extends StoredDecision {
  type: 'verdict';
  judge: string;
  /** Hash of the criteria; absent for those of orx. */
  criteria?: string | undefined;
  games: readonly StoredGame[];
  winner: 'first' | 'second' | 'tie' | 'undecided';
}

/** Returns the vote or the verdict in a line of a file; undefined for anything else. */
export function parseDecision(line: string): StoredVote | StoredVerdict | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value['version'] !== 1 || typeof value['prompt'] !== 'string' || typeof value['at'] !== 'number')
    return undefined;
  const { lanes } = value;
  if (!Array.isArray(lanes) || lanes.length < 2 || !lanes.every(isLane)) return undefined;
  if (new Set(lanes.map(({ name }) => name)).size !== lanes.length) return undefined;
  if (value['type'] === 'vote') return isChoice(value['choice'], lanes.length) ? (value as unknown as StoredVote) : undefined;
  if (value['type'] !== 'verdict' || lanes.length !== 2 || typeof value['judge'] !== 'string') return undefined;
  const isKnown = ['first', 'second', 'tie', 'undecided'].includes(value['winner'] as string);
  return isKnown && Array.isArray(value['games']) ? (value as unknown as StoredVerdict) : undefined;
}

function isLane(value: unknown): value is StoredLane {
  return isRecord(value) && typeof value['name'] === 'string' && value['name'] !== '' && typeof value['model'] === 'string';
}

function isChoice(value: unknown, lanes: number): value is VoteChoice {
  if (value === 'alike' || value === 'bad') return true;
  const best = isRecord(value) ? value['best'] : undefined;
  return typeof best === 'number' && Number.isInteger(best) && best >= 0 && best < lanes;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
