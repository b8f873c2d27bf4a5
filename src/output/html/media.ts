import { answerMedia } from '../../core/answer/media.ts';
import { mediaType } from '../../core/request/media-type.ts';
import { escapeHtml } from './page.ts';

/** The sources that a page with media must allow: embedded data only. */
export const MEDIA_SOURCES = 'img-src data:; media-src data:';

/**
 * Returns embedded images (`data:` URLs whose content is PNG, JPEG, GIF or WebP), and audio as a player. Images that are only
 * linked, or have another format, become text, so that the page makes no requests.
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
