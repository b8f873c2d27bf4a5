import { answerMedia } from '../../core/answer/media.ts';
import { mediaType } from '../../core/request/media-type.ts';
import { escapeHtml } from './page.ts';

/** Sources that a page with media must allow: what is in it, and nothing else. */
export const MEDIA_SOURCES = 'img-src data:; media-src data:';

/**
 * Images that are there in full (`data:` URLs of PNG, JPEG, GIF or WebP, by their content), and audio as a player. What is only named, or is
 * something else, stands as text: a page asks for nothing.
 */
export function mediaHtml({
  images = [],
  audio = [],
}: {
  images?: readonly string[] | undefined;
  audio?: readonly string[] | undefined;
}): string {
  const { media, unreadable } = answerMedia({ images, audio });
  const shown = media.map((medium) => {
    if ('url' in medium) return `<p class="dim">[image: ${escapeHtml(medium.url)}]</p>\n`;
    const { bytes, kind } = medium;
    const type = mediaType(bytes)?.mime ?? 'application/octet-stream';
    const source = `data:${type};base64,${bytes.toString('base64')}`;
    return kind === 'image' ? `<img alt="" src="${source}">\n` : `<audio controls src="${source}"></audio>\n`;
  });
  return shown.join('') + `<p class="dim">[image that cannot be read]</p>\n`.repeat(unreadable);
}
