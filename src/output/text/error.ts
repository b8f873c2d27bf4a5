import { OrxError } from '../../errors.ts';
import { ageText } from './number.ts';
import type { Theme } from './theme.ts';
import { visibleLine } from './visible.ts';
import { wrapWords } from './wrap-rows.ts';

// A word may hold `sk-` inside (risk-, disk-); no word holds the beginning of the API's own keys, whatever stands before it.
const KEY_SHAPE = /(?:(?<![A-Za-z0-9])sk-|sk-or-v1-)[A-Za-z0-9_-]{12,}/g;
// Shorter ones are words: replacing them would garble the sentence and hide nothing.
const SHORTEST_SECRET = 8;
/** Whoever has read the line has waited for less. */
const SHORTEST_WAIT_MS = 1000;

/** A key as it may be shown: its kind and its last four characters. */
export function maskKey(key: string): string {
  return key.length < 16 ? '…' : `${/^sk-or-v1-|^sk-/.exec(key)?.[0] ?? ''}…${key.slice(-4)}`;
}

/** Replaces whatever looks like a key, and the given ones whatever they look like: servers and libraries may quote one back. */
export function withoutKeys(text: string, secrets: readonly string[] = []): string {
  const known = secrets.filter((secret) => secret.length >= SHORTEST_SECRET);
  return known
    .reduce((rest, secret) => rest.replaceAll(secret, () => maskKey(secret)), text)
    .replace(KEY_SHAPE, (key) => maskKey(key));
}

export interface ErrorTextOptions {
  /** Also the facts and the causes. */
  verbose?: boolean | undefined;
  /** Keys in use: replaced wherever they stand, whatever they look like. */
  secrets?: readonly string[] | undefined;
  /** Width of the screen; without it lines are not broken. */
  columns?: number | undefined;
  /** Theme; without it the text is plain. */
  paint?: Theme['paint'] | undefined;
}

/**
 * The text of a failure for people, the only place where an error becomes one: a line of what happened, at most three of why
 * and what to do next, and with `verbose` the request id and the causes. Never a stack, never a key.
 */
export function errorText(error: unknown, options: ErrorTextOptions = {}): string {
  const lines: string[] = [];
  if (error instanceof OrxError) {
    lines.push(`orx: ${error.message}`, ...waitLines(error), ...error.hints.slice(0, 3).map((hint) => `  ${hint}`));
    if (options.verbose === true) lines.push(...verboseLines(error));
  } else {
    const message = error instanceof Error ? error.message : String(error);
    lines.push(`orx: unexpected failure: ${message}`, '  this is a mistake in orx itself; --verbose shows where');
    if (options.verbose === true && error instanceof Error && error.stack !== undefined) {
      lines.push(
        ...error.stack
          .split('\n')
          .slice(1)
          .map((line) => `  ${line.trim()}`),
      );
    }
  }
  const shown = lines.map((line) => wrapWords(withoutKeys(visibleLine(line), options.secrets), options.columns));
  const [what = [], ...rest] = shown;
  return `${[...what.map((row) => options.paint?.(['bad'], row) ?? row), ...rest.flat()].join('\n')}\n`;
}

/** A wait that is too long for orx to sit out is the user's to know. */
function waitLines({ kind, retryAfterMs }: OrxError): string[] {
  const isWait = kind === 'rate-limit' && retryAfterMs !== undefined && retryAfterMs >= SHORTEST_WAIT_MS;
  return isWait ? [`  the server asks to wait ${ageText(retryAfterMs)}`] : [];
}

function verboseLines(error: OrxError): string[] {
  const lines: string[] = [];
  const facts = [
    `kind ${error.kind}`,
    error.code === undefined ? undefined : `code ${error.code}`,
    error.status === undefined ? undefined : `status ${error.status}`,
    error.provider === undefined ? undefined : `provider ${error.provider}`,
    error.requestId === undefined ? undefined : `request ${error.requestId}`,
  ].filter((fact) => fact !== undefined);
  lines.push(`  ${facts.join(' · ')}`);
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) lines.push(`  because: ${cause.message}`);
  return lines;
}
