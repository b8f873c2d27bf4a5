import { styleText } from 'node:util';
import { wantsColor } from './theme.ts';

type Format = Parameters<typeof styleText>[0];

/** Marks text for a terminal, or leaves it as it is: no escape code ever goes where nobody sees colour. */
export type Style = (format: Format, text: string) => string;

/** Colour only on a terminal that can show it, and not against the user's wish. */
export function styleFor(stream: { isTTY?: boolean }, env: Readonly<Record<string, string | undefined>>): Style {
  return stream.isTTY === true && wantsColor(env)
    ? (format, text) => styleText(format, text, { validateStream: false })
    : (_, text) => text;
}
