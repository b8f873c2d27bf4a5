import { localStampText } from '../../core/time/local-text.ts';
import type { Answer } from '../../core/answer/answer.ts';
import { LARGEST_MEDIUM } from '../../core/request/attachment-part.ts';
import { writeCode } from '../../output/text/terminal-border.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Context } from '../context.ts';
import type { PromptServices } from '../context/prompt-services.ts';

export interface SavedMedia {
  /** Paths, in the order of the answer. */
  files: readonly string[];
  /** Why a file could not be written. */
  error: unknown;
  /** Prints the paths on standard error, and shows images on a terminal that supports it; prints nothing without files. */
  show?: () => Promise<void>;
}

const NONE: SavedMedia = { files: [], error: undefined };

/** Writes images and audio of an answer to new files in a folder, with names chosen by orx. Never throws. */
export async function saveMedia(
  answer: Pick<Answer, 'images' | 'audio'>,
  folder: string,
  services: () => Promise<PromptServices>,
  {
    terminal: {
      streams: { stdout, stderr },
      isScreenReader,
    },
    env,
    clock,
  }: Context,
  /** Standard output is text, which may contain an image. */
  isText: boolean,
): Promise<SavedMedia> {
  if (answer.images.length === 0 && answer.audio.length === 0) return NONE;
  const [{ answerMedia }, { mediaType }, { imageProtocol, inlineImage }] = await Promise.all([
    import('../../core/answer/media.ts'),
    import('../../core/request/media-type.ts'),
    import('../../output/chat/inline-image.ts'),
  ]);
  const { media, unreadable } = answerMedia(answer);
  const stem = `orx-${localStampText(clock.now())}`;
  const protocol = stdout.isTTY && isText && !isScreenReader ? imageProtocol(env) : undefined;
  const files: string[] = [];
  const lines: string[] =
    unreadable === 0 ? [] : [`warning: ${unreadable === 1 ? '1 image' : `${unreadable} images`} of the response cannot be read`];
  const codes: string[] = [];
  let error: unknown;
  for (const medium of media) {
    try {
      const { saveNew, readBytes } = await services();
      const bytes =
        'url' in medium ? (await readBytes(medium.url, { allowPrivate: false, maxBytes: LARGEST_MEDIUM })).bytes : medium.bytes;
      const extension = 'url' in medium ? (mediaType(bytes)?.extension ?? 'bin') : medium.extension;
      const path = await saveNew(folder, stem, extension, bytes);
      files.push(path);
      lines.push(`${medium.kind === 'image' ? 'image' : 'audio'}: ${path}`);
      const code = protocol === undefined || medium.kind !== 'image' ? undefined : inlineImage(protocol, bytes, extension);
      if (code !== undefined) codes.push(code);
    } catch (failure) {
      error ??= failure;
      if ('url' in medium) lines.push(`image: ${medium.url}`);
    }
  }
  return {
    files,
    error,
    async show() {
      for (const code of codes) writeCode(stdout, code);
      for (const line of lines) stderr.write(`${visibleLine(line)}\n`);
    },
  };
}
