import type { ContentPart } from '../../apis/message.ts';

type Medium = Exclude<ContentPart, { type: 'text' }>;

/**
 * Bytes of a medium for each token that it is counted as: usually, and at the worst. Providers count pages, seconds and tiles, which orx does
 * not look for; a document of little but text and speech at a low rate are the dense ones.
 */
const BYTES_PER_TOKEN: Readonly<Record<'file' | 'audio' | 'video', { usual: number; least: number }>> = {
  file: { usual: 40, least: 1 },
  audio: { usual: 500, least: 30 },
  video: { usual: 600, least: 30 },
};
/** Sized to fit by every provider: the most is what the most expensive way of counting tiles gives. */
const IMAGE = { expected: 1600, most: 50_000 };
/** What lies behind an address is not known. */
const REMOTE = { expected: 20_000, most: 1_000_000 };
/** Base64 takes four characters for three bytes. */
const BYTES_PER_CHARACTER = 3 / 4;

/** About how many tokens a medium adds to a prompt, and how many it hardly exceeds. */
export function mediaTokens(part: Medium): { expected: number; most: number } {
  if (part.type === 'image') return IMAGE;
  const inline = part.type === 'audio' ? part.data : part.url;
  if (part.type !== 'audio' && !inline.startsWith('data:')) return REMOTE;
  const bytes = inline.length * BYTES_PER_CHARACTER;
  const { usual, least } = BYTES_PER_TOKEN[part.type];
  return { expected: Math.ceil(bytes / usual), most: Math.ceil(bytes / least) };
}
