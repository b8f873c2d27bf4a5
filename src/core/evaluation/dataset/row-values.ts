import { usageError } from '../../../errors.ts';
import type { TestMessage } from '../test-case.ts';
import { messagesOf } from './promptfoo-prompts.ts';
import { itemsIn, objectOf, scalarIn } from './source.ts';

/** The fields of a row. */
export type RowFields = Readonly<Record<string, unknown>>;

/** Returns the text of a field. Throws kind `usage` if it is missing or no text. */
export function textIn(value: unknown, name: string): string {
  const text = scalarIn(value);
  if (text === undefined) throw usageError(value === undefined ? `it has no ${name}` : `${name} is not text`);
  return text;
}

/** Returns an instruction with its input below, if it has one. */
export function withInput(instruction: string, input: string | undefined): string {
  return input === undefined || input.trim() === '' ? instruction : `${instruction}\n\n${input}`;
}

/** Returns a prompt of one message. */
export function user(text: string): readonly TestMessage[] {
  return [{ role: 'user', text }];
}

/** A list, JSON of a list, or text with commas. */
export function listIn(value: unknown): readonly string[] {
  if (typeof value !== 'string') return itemsIn(value).flatMap((one) => scalarIn(one) ?? []);
  if (value.trim() === '') return [];
  try {
    const parsed: unknown = JSON.parse(value);
    if (Array.isArray(parsed)) return listIn(parsed);
  } catch {
    // Not JSON.
  }
  return value.split(',').map((item) => item.trim());
}

/** Returns an object, JSON text of an object, or another text as one field. */
export function metadataIn(value: unknown): RowFields | undefined {
  if (typeof value !== 'string') return objectOf(value);
  if (value.trim() === '') return undefined;
  try {
    return objectOf(JSON.parse(value)) ?? { metadata: value };
  } catch {
    return { metadata: value };
  }
}

/** Returns the messages of a field that is text, a list of messages, or JSON text of such a list. */
export function inputMessages(value: unknown, place: string): readonly TestMessage[] {
  if (Array.isArray(value)) return messagesOf(value, place);
  const text = scalarIn(value);
  if (text === undefined) throw usageError('input is neither text nor a list of messages');
  // A CSV cell may contain the messages as JSON.
  return text.startsWith('[{') ? (chatIn(text, place) ?? user(text)) : user(text);
}

function chatIn(text: string, place: string): readonly TestMessage[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((one) => objectOf(one)?.['role'] !== undefined)
      ? messagesOf(value, place)
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
