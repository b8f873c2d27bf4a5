import { asText, type WireObject } from '../wire/wire-value.ts';

/** Base64 prefixes by image type: xAI does not state the type of its images. */
const STARTS: readonly (readonly [start: string, kind: string])[] = [
  ['iVBOR', 'png'],
  ['/9j/', 'jpeg'],
  ['UklGR', 'webp'],
  ['R0lGOD', 'gif'],
];

/** Returns the image of a call of the vendor's image tool, as a URL. */
export function madeImage(wire: WireObject): string | undefined {
  const result = asText(wire['result']);
  if (result === undefined) return undefined;
  if (/^(data:image\/|https:\/\/)/i.test(result)) return result;
  const told = asText(wire['output_format'])?.toLowerCase();
  const kind = STARTS.find(([start]) => result.startsWith(start))?.[1] ?? (told === 'jpg' ? 'jpeg' : told) ?? 'png';
  return `data:image/${/^[a-z0-9]+$/.test(kind) ? kind : 'png'};base64,${result}`;
}
