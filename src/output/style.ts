import { styleText } from 'node:util';

type Format = Parameters<typeof styleText>[0];

/** Marks text for a terminal, or leaves it as it is: no escape code ever goes where nobody sees colour. */
export type Style = (format: Format, text: string) => string;

/** Colour only on a terminal that can show it, and not against the user's wish (NO_COLOR, https://no-color.org). */
export function styleFor(stream: { isTTY?: boolean }, env: Readonly<Record<string, string | undefined>>): Style {
  const forced = env['FORCE_COLOR'];
  const isWanted = forced !== undefined ? forced !== '0' && forced !== 'false' : !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  return stream.isTTY === true && isWanted
    ? (format, text) => styleText(format, text, { validateStream: false })
    : (_, text) => text;
}
