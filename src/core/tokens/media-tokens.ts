import type { ContentPart } from '../../apis/message.ts';

type Medium = Exclude<ContentPart, { type: 'text' }>;

/**
 * Bytes of media per token: usual, and least. Providers count pages, seconds and tiles, which orx does not analyze; documents that are mostly
 * text and low-bitrate speech have the fewest bytes per token.
 */
const BYTES_PER_TOKEN: Readonly<Record<'file' | 'audio' | 'video', { usual: number; least: number }>> = {
  file: { usual: 40, least: 1 },
  audio: { usual: 500, least: 30 },
  video: { usual: 600, least: 30 },
};
/** Providers scale images to fit; `most` is the result of the most expensive way of counting tiles. */
const IMAGE = { expected: 1600, most: 50_000 };
/** The content behind a URL is not known. */
const REMOTE = { expected: 20_000, most: 1_000_000 };
/** Base64 encodes three bytes as four characters. */
const BYTES_PER_CHARACTER = 3 / 4;

/** Returns about how many tokens a media part adds to a prompt, and a number that it hardly ever exceeds. */
export function mediaTokens(part: Medium): { expected: number; most: number } {
  if (part.type === 'image') return IMAGE;
  const inline = part.type === 'audio' ? part.data : part.url;
  if (part.type !== 'audio' && !inline.startsWith('data:')) return REMOTE;
  const bytes = inline.length * BYTES_PER_CHARACTER;
  const { usual, least } = BYTES_PER_TOKEN[part.type];
  return { expected: Math.ceil(bytes / usual), most: Math.ceil(bytes / least) };
}
