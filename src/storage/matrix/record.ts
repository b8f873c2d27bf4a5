/**
 * The lines of a journal: one JSON object each. A reader skips lines of a type that it does not know, so that a newer orx can add
 * types.
 */
export type JournalRecord = RunRecord | ResumeRecord | AnswerRecord | AttemptRecord | OutcomeRecord;

/** The first line: which file was run, when and with what. */
export interface RunRecord {
  type: 'run';
  version: number;
  id: string;
  /** Milliseconds since 1970, as in all records. */
  at: number;
  /** Absolute path of the file or folder with the prompts. */
  source: string;
  lanes: readonly string[];
  /** Number of cells that the file had. */
  cells: number;
  /** The version of orx. */
  orx: string;
}

/** A command that continued the run. */
export type ResumeRecord = Pick<RunRecord, 'at' | 'lanes' | 'cells' | 'orx'> & { type: 'resume' };

/** How a request ended. `empty`: the model answered, but with nothing. Only `answered` is never asked again. */
export type AnswerState = 'answered' | 'empty' | 'failed';

/** The last attempt of one request. */
export interface AnswerRecord {
  type: 'answer';
  /** Hash of the exact request and its repetition: core/matrix/requests/request-hash.ts. */
  key: string;
  at: number;
  state: AnswerState;
  /** `judge`: the request was about answers of others. Absent: the request of a cell. */
  purpose?: 'judge' | undefined;
  text: string;
  reasoning?: string | undefined;
  /** data: or https: URLs. */
  images?: readonly string[] | undefined;
  toolCalls?: readonly { name: string; arguments: string }[] | undefined;
  /** The model and provider that answered, and the id of the generation. */
  model?: string | undefined;
  provider?: string | undefined;
  generation?: string | undefined;
  finishReason?: string | undefined;
  promptTokens?: number | undefined;
  completionTokens?: number | undefined;
  reasoningTokens?: number | undefined;
  cachedTokens?: number | undefined;
  /** Cost of this attempt in USD, as exact decimal text. Undefined if it is not known. */
  cost?: string | undefined;
  /** orx computed the cost from prices. */
  isComputed?: boolean | undefined;
  timeToFirstTokenMs?: number | undefined;
  durationMs?: number | undefined;
  throughput?: number | undefined;
  /** Number of attempts, this one included. */
  attempts: number;
  error?: StoredError | undefined;
}

export interface StoredError {
  message: string;
  kind: string;
  code?: string | undefined;
  /** Of the HTTP reply. */
  status?: number | undefined;
}

/** An attempt that failed, cost something, and was repeated. */
export interface AttemptRecord {
  type: 'attempt';
  key: string;
  at: number;
  purpose?: 'judge' | undefined;
  cost: string;
}

/** The checked expectations of a cell. `key`: hash of its answers and its expectations. `data` is the caller's. */
export interface OutcomeRecord {
  type: 'outcome';
  key: string;
  data: unknown;
}

/** The version that this orx writes. */
export const JOURNAL_VERSION = 1;

/** Returns the record of a line; undefined for a damaged line and for an unknown type. */
export function parseRecord(line: string): JournalRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const record = value as Partial<Record<string, unknown>>;
  switch (record['type']) {
    case 'run':
      return isNumber(record['version']) &&
        isText(record['id']) &&
        isNumber(record['at']) &&
        isText(record['source']) &&
        isNumber(record['cells']) &&
        isNames(record['lanes'])
        ? (value as RunRecord)
        : undefined;
    case 'resume':
      return isNumber(record['at']) && isNumber(record['cells']) && isNames(record['lanes'])
        ? (value as ResumeRecord)
        : undefined;
    case 'answer':
      return isText(record['key']) &&
        isNumber(record['at']) &&
        isText(record['text']) &&
        isNumber(record['attempts']) &&
        STATES.has(record['state']) &&
        isAmount(record['cost'])
        ? (value as AnswerRecord)
        : undefined;
    case 'attempt':
      return isText(record['key']) && isText(record['cost']) && isAmount(record['cost']) ? (value as AttemptRecord) : undefined;
    case 'outcome':
      return isText(record['key']) ? (value as OutcomeRecord) : undefined;
    default:
      return undefined;
  }
}

/** Returns whether an unreadable line is a record of a type that this orx does not know. */
export function isForeign(line: string): boolean {
  try {
    const value = JSON.parse(line) as { type?: unknown } | null;
    return typeof value?.type === 'string' && !TYPES.has(value.type);
  } catch {
    return false;
  }
}

const TYPES: ReadonlySet<string> = new Set<JournalRecord['type']>(['run', 'resume', 'answer', 'attempt', 'outcome']);
const STATES: ReadonlySet<unknown> = new Set<AnswerState>(['answered', 'empty', 'failed']);

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

function isNames(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText);
}

function isAmount(value: unknown): boolean {
  return value === undefined || (typeof value === 'string' && /^\d+(\.\d+)?$/.test(value));
}
