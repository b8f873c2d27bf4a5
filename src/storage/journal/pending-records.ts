import type { NewConversation, NewMessage } from '../conversations/conversations.ts';
import type { LedgerJob } from '../ledger/writer/jobs.ts';

/** One line of a pending file: a write to the ledger, or the question that starts a conversation. */
export type PendingRecord =
  | { kind: 'ledger'; job: LedgerJob }
  | { kind: 'question'; conversation: NewConversation; asked: readonly NewMessage[]; at: number };

/** The first line of a pending file. */
interface PendingHeader {
  version?: unknown;
  /** The machine of its process. */
  host?: unknown;
  /** The process. Another one that takes the file over gives it a name with its own id. */
  pid?: unknown;
}

/** Version of the format. A file of another version is left alone. */
const VERSION = 1;

export function newHeader({ host, pid }: { host: string; pid: number }): string {
  return `${JSON.stringify({ version: VERSION, host, pid })}\n`;
}

export function isKnownVersion({ version }: PendingHeader): boolean {
  return version === VERSION;
}

/** Returns the first line of a file; undefined if its process died before it had written the line. */
export function headerOf(text: string): PendingHeader | undefined {
  const end = text.indexOf('\n');
  const header = end === -1 ? undefined : parsed(text.slice(0, end));
  return typeof header === 'object' && header !== null ? header : undefined;
}

/** Returns the complete lines after the first one. */
export function recordsIn(text: string): PendingRecord[] {
  const lines = text.split('\n').slice(1, -1);
  return lines.map(parsed).filter((value): value is PendingRecord => isRecord(value));
}

function isRecord(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, job, conversation, asked, at } = value as Record<string, unknown>;
  if (kind === 'ledger') return typeof job === 'object' && job !== null && isJob(job as Record<string, unknown>);
  return (
    kind === 'question' &&
    typeof conversation === 'object' &&
    conversation !== null &&
    Array.isArray(asked) &&
    Number.isFinite(at)
  );
}

/** A line that a bad disk has changed would never be accepted by the ledger, and would be tried again by every command. */
function isJob({ kind, id, entry, generationId, result }: Record<string, unknown>): boolean {
  if (kind === 'open') return typeof entry === 'object' && entry !== null && hasFields(entry as Record<string, unknown>);
  if (typeof id !== 'string') return false;
  return kind === 'note' ? typeof generationId === 'string' : kind === 'settle' && typeof result === 'object' && result !== null;
}

const ENTRY_TEXTS = 'id command conversation profile project api requestedModel family vendor'.split(' ');

function hasFields(entry: Record<string, unknown>): boolean {
  return ENTRY_TEXTS.every((name) => typeof entry[name] === 'string') && Number.isFinite(entry['openedAt']);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
