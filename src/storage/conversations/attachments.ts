import { createHash } from 'node:crypto';
import type { Sql } from '../sqlite/sql.ts';

/** Shorter texts take less space where they are. */
const LEAST_LENGTH = 1024;
const BASE64 = /^(data:[^,]{0,200};base64,)?([A-Za-z0-9+/]+={0,2})$/;

type Path = readonly (string | number)[];

interface Extracted {
  /** Its path in the value, as JSON. */
  path: string;
  /** The text before the base64 data. */
  before: string;
  bytes: Buffer;
}

/**
 * Returns a value as JSON without its large base64 texts (images, documents, audio), and these as bytes. A text is extracted only if encoding
 * the bytes again gives exactly the same text, so that `withAttachments` restores an identical value.
 */
export function extractAttachments(value: unknown): { json: string; attachments: readonly Extracted[] } {
  const attachments: Extracted[] = [];
  const walk = (inner: unknown, path: Path): unknown => {
    if (typeof inner === 'string') {
      const match = bytesOf(inner);
      if (match === undefined) return inner;
      attachments.push({ path: JSON.stringify(path), ...match });
      return '';
    }
    if (Array.isArray(inner)) return inner.map((item, index) => walk(item, [...path, index]));
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, item]) => [key, walk(item, [...path, key])]));
  };
  return { json: JSON.stringify(walk(value, [])), attachments };
}

function bytesOf(text: string): { before: string; bytes: Buffer } | undefined {
  if (text.length < LEAST_LENGTH) return undefined;
  const [, before = '', base64] = BASE64.exec(text) ?? [];
  if (base64 === undefined) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString('base64') === base64 ? { before, bytes } : undefined;
}

/** Stores the bytes, each content once, and their paths. */
export function storeAttachments(sql: Sql, message: number, attachments: readonly Extracted[]): void {
  sql.run('DELETE FROM message_attachment WHERE message = ?', [message]);
  for (const { path, before, bytes } of attachments) {
    const hash = createHash('sha256').update(bytes).digest('hex');
    sql.run('INSERT OR IGNORE INTO attachment (hash, bytes) VALUES (?, ?)', [hash, bytes]);
    sql.run('INSERT INTO message_attachment (message, path, before, hash) VALUES (?, ?, ?, ?)', [message, path, before, hash]);
  }
}

/** Returns the value of a message's JSON with its attachments restored. A missing attachment (a damaged file) becomes an empty text. */
export function withAttachments(sql: Sql, message: number, json: string): unknown {
  const value = JSON.parse(json) as unknown;
  const rows = sql.allBytes<{ path: ArrayBuffer; before: ArrayBuffer; bytes: ArrayBuffer }>(
    `SELECT CAST(path AS BLOB) path, CAST(before AS BLOB) before, bytes FROM message_attachment JOIN attachment USING (hash) WHERE message = ?`,
    [message],
  );
  for (const { path, before, bytes } of rows) {
    const steps = JSON.parse(Buffer.from(path).toString()) as (string | number)[];
    const last = steps.pop();
    const place = steps.reduce<unknown>((inner, step) => (inner as Record<string | number, unknown>)[step], value);
    if (last !== undefined)
      (place as Record<string | number, unknown>)[last] = Buffer.from(before).toString() + Buffer.from(bytes).toString('base64');
  }
  return value;
}

/** Deletes attachments that no message refers to. */
export function dropUnusedAttachments(sql: Sql): void {
  sql.run('DELETE FROM attachment WHERE hash NOT IN (SELECT hash FROM message_attachment)');
}
