import { asText, type WireObject } from '../wire/wire-value.ts';

/** How base64 begins, by the kind of image: xAI does not say which one it sent. */
const STARTS: readonly (readonly [start: string, kind: string])[] = [
  ['iVBOR', 'png'],
  ['/9j/', 'jpeg'],
  ['UklGR', 'webp'],
  ['R0lGOD', 'gif'],
];

/** The image that a call of the vendor's image tool made, as a URL. */
export function madeImage(wire: WireObject): string | undefined {
  const result = asText(wire['result']);
  if (result === undefined) return undefined;
  if (/^(data:image\/|https:\/\/)/i.test(result)) return result;
  const told = asText(wire['output_format'])?.toLowerCase();
  const kind = STARTS.find(([start]) => result.startsWith(start))?.[1] ?? (told === 'jpg' ? 'jpeg' : told) ?? 'png';
  return `data:image/${/^[a-z0-9]+$/.test(kind) ? kind : 'png'};base64,${result}`;
}
