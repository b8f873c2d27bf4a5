import { type Hint, OrxError, shellHint } from '../../errors.ts';
import { shortText } from '../../text/short-text.ts';
import { ageText } from './number.ts';
import type { Theme } from './theme.ts';
import { visibleLine } from './visible.ts';
import { textWidth } from './width.ts';
import { wrapWords } from './wrap-rows.ts';

// A word may contain `sk-` (risk-, disk-). No word contains the prefix of the API's own keys, whatever precedes it.
const KEY_SHAPE = /(?:(?<![A-Za-z0-9])sk-|sk-or-v1-)[A-Za-z0-9_-]{12,}/g;
// Shorter secrets may be ordinary words: replacing them would garble the sentence and hide nothing.
const SHORTEST_SECRET = 8;
/** Shorter waits are over when the user has read the line. */
const SHORTEST_WAIT_MS = 1000;
const MOST_HINTS = 3;
const INDENT = '  ';
const BUG_HINTS = ['this is a bug in orx; see where it happened: --verbose'];

/** Returns the form of a key that may be shown: its prefix and its last four characters. */
export function maskKey(key: string): string {
  return key.length < 16 ? '…' : `${/^sk-or-v1-|^sk-/.exec(key)?.[0] ?? ''}…${key.slice(-4)}`;
}

/**
 * Masks everything that has the form of a key, and the given secrets in any form, because servers and libraries may quote a key.
 */
export function withoutKeys(text: string, secrets: readonly string[] = []): string {
  const known = secrets.filter((secret) => secret.length >= SHORTEST_SECRET);
  return known
    .reduce((rest, secret) => rest.replaceAll(secret, () => maskKey(secret)), text)
    .replace(KEY_SHAPE, (key) => maskKey(key));
}

export interface ErrorTextOptions {
  /** Adds the facts and the causes. */
  verbose?: boolean | undefined;
  /** Keys in use. They are masked everywhere, whatever their form. */
  secrets?: readonly string[] | undefined;
  /** Width of the screen. Default: lines are not broken. */
  columns?: number | undefined;
  /** Formats a hint. Default: for the shell. */
  hintText?: ((hint: Hint) => string) | undefined;
  /** Paints the text. Default: plain text. */
  paint?: Theme['paint'] | undefined;
}

/** Labels that start a program's own messages, as in compilers and Git. */
type Label = 'error' | 'warning' | 'note' | 'hint';

/** Returns a labeled line. `warning: …` is for what the user should know, `note: …` for additional information. */
export function labeledLine(label: Label, text: string): string {
  return `${label}: ${visibleLine(text)}`;
}

/**
 * Returns the text of a failure for people: `error:` with what failed, a line with the reason if there is one, and at most three
 * `hint:` lines; with `verbose` also facts and causes. Contains no stack of a known failure and no key. Text of the failure
 * cannot start a line of its own.
 */
export function errorText(error: unknown, options: ErrorTextOptions = {}): string {
  const { columns, secrets, paint = (_, text) => text } = options;
  const shown = (text: string): string => shortText(withoutKeys(visibleLine(text), secrets));
  const rows = (text: string): string[] => wrapWords(shown(text), columns);
  const [what, ...why] = error instanceof OrxError ? [error.what, ...waitLines(error)] : [`unexpected failure: ${textOf(error)}`];
  const hints = error instanceof OrxError ? error.hints.slice(0, MOST_HINTS).map(options.hintText ?? shellHint) : BUG_HINTS;
  const [first = '', ...more] = labeledRows(shown(labeledLine('error', what)), columns);
  const lines = [
    first.replace(/^error:/, (label) => paint(['bad'], label)),
    ...more,
    ...why.flatMap((line) => rows(`  ${line}`)),
    ...hints
      .flatMap((hint) => hintRows(shown(hint), columns))
      .map((row) => row.replace(/^hint:/, (label) => paint(['accent'], label))),
    ...(options.verbose === true ? verboseLines(error).flatMap((line) => rows(line)) : []),
  ];
  return `${lines.join('\n')}\n`;
}

/**
 * Returns the rows of a hint. A long command gets its own unbroken row, so that the terminal wraps it and still
 * copies it as one line.
 */
function hintRows(hint: string, columns: number | undefined): string[] {
  const whole = labeledLine('hint', hint);
  const [, text, command] = /^(.*?:) ((?:orx|https?:\/\/|\w+=|\/).*)$/.exec(hint) ?? [];
  const fits = columns === undefined || textWidth(whole) < columns;
  return fits || command === undefined
    ? labeledRows(whole, columns)
    : [...labeledRows(labeledLine('hint', text!), columns), `${INDENT}${command}`];
}

/** Returns a labeled line as rows. Later rows are indented. */
function labeledRows(line: string, columns: number | undefined): string[] {
  if (columns === undefined || textWidth(line) < columns) return [line];
  return wrapWords(line, columns - INDENT.length).map((row, index) => (index === 0 ? row : INDENT + row));
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Returns the reason of the failure, what else is known of it, and the requested wait if it is too long for orx to wait itself. */
function waitLines({ why, kind, retryAfterMs, isRetryable, more }: OrxError): string[] {
  const isWait = kind === 'rate-limit' && retryAfterMs !== undefined && retryAfterMs >= SHORTEST_WAIT_MS;
  return [
    ...(why === undefined ? [] : [why]),
    ...(more?.lines ?? []),
    // A quota is not retried, so it is not a wait but a time to come back.
    ...(isWait ? [`${isRetryable ? 'the server asks to wait' : 'the limit resets in'} ${ageText(retryAfterMs)}`] : []),
  ];
}

function verboseLines(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  if (!(error instanceof OrxError))
    return (error.stack ?? '')
      .split('\n')
      .slice(1)
      .map((line) => `  ${line.trim()}`);
  const facts = [
    `kind ${error.kind}`,
    error.code === undefined ? undefined : `code ${error.code}`,
    error.status === undefined ? undefined : `status ${error.status}`,
    error.provider === undefined ? undefined : `provider ${error.provider}`,
    error.requestId === undefined ? undefined : `request ${error.requestId}`,
  ].filter((fact) => fact !== undefined);
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) causes.push(`  caused by: ${cause.message}`);
  return [`  ${facts.join(' · ')}`, ...causes];
}
