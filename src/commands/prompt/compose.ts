import { bytesText } from '../../text/bytes.ts';
import { attachmentPart, LARGEST_MEDIUM, LARGEST_MESSAGE } from '../../core/request/attachment-part.ts';
import { fencedText, type NamedText } from '../../core/request/fenced-text.ts';
import { usageError } from '../../errors.ts';
import type { ContentPart } from '../../apis/message.ts';
import type { Terminal } from '../context/terminal.ts';
import type { PromptServices } from '../context/prompt-services.ts';
import type { PromptFlags } from './flags.ts';

/** The text (undefined: none) and the media of a prompt, in their order. */
export interface PromptPieces {
  text: string | undefined;
  media: readonly ContentPart[];
  /** Standard input contained text. */
  isPiped: boolean;
}

/**
 * Reads standard input, files and media, and opens the editor on request. The text consists of standard input, files and words,
 * in this order.
 */
export async function readPieces(
  words: readonly string[],
  options: PromptFlags,
  services: () => Promise<PromptServices>,
  isQuiet: boolean,
  terminal: Pick<Terminal, 'readStdin'>,
): Promise<PromptPieces> {
  const { file: files = [], attach = [], editor = false, allowPrivate = false } = options;
  const uses = [...files, ...attach, ...words].filter((source) => source === '-').length;
  const isAttached = attach.includes('-');
  if (isAttached && uses > 1) throw usageError('standard input can be used only once', 'keep one of -a -, -f - and -');
  // With other input, do not wait for a silent standard input.
  const others = files.length > 0 || attach.length > 0 || editor || options.template !== undefined ? ['-f'] : [];
  const isNamed = files.includes('-');
  const stdin = isAttached
    ? undefined
    : await terminal.readStdin({ words: [...words, ...others, ...(isNamed ? ['-'] : [])], isQuiet });
  const blocks: string[] = [];
  for (const source of files) {
    const texts = source === '-' ? standardInput(stdin) : await (await services()).readTexts(source, { allowPrivate });
    blocks.push(...texts.map(fencedText));
  }
  const typed = editor ? [await (await services()).editText(joinPrompt(undefined, words) ?? '')] : words;
  const before = [isNamed ? undefined : stdin?.replace(/\r?\n$/, ''), ...blocks].filter(
    (text) => text !== undefined && text !== '',
  );
  const text = joinPrompt(
    before.length === 0 ? undefined : before.join('\n\n'),
    typed.map((word) => (editor ? word.trim() : word)),
  );
  if (editor && typed[0]?.trim() === '') throw usageError('the prompt is empty; nothing was sent');
  return { text, media: await readMedia(attach, allowPrivate, services), isPiped: stdin !== undefined };
}

function standardInput(text: string | undefined): readonly NamedText[] {
  if (text === undefined) throw usageError('standard input is empty', 'pipe text in, or omit -f -');
  return [{ name: 'standard input', text }];
}

async function readMedia(
  sources: readonly string[],
  allowPrivate: boolean,
  services: () => Promise<PromptServices>,
): Promise<readonly ContentPart[]> {
  const parts: ContentPart[] = [];
  let left = LARGEST_MESSAGE;
  for (const source of sources) {
    if (isFilmPage(source)) {
      parts.push({ type: 'video', url: source });
      continue;
    }
    const { name, bytes } = await (await services()).readBytes(source, { allowPrivate, maxBytes: LARGEST_MEDIUM });
    left -= bytes.length;
    if (left < 0) throw usageError(`the attachments are larger than ${bytesText(LARGEST_MESSAGE)} in total`);
    parts.push(attachmentPart(name, bytes));
  }
  return parts;
}

/** Returns whether the URL is a video page that some models watch by URL. The page itself is not a video. */
function isFilmPage(source: string): boolean {
  return /^https:\/\/(?:(?:www|m)\.)?(?:youtube\.com\/watch\?|youtu\.be\/)/i.test(source);
}

/**
 * Joins piped text and typed words into a prompt: standard input, an empty line, then the words, so that an instruction follows
 * the text that it refers to. Returns undefined if both are empty.
 */
export function joinPrompt(stdinText: string | undefined, words: readonly string[]): string | undefined {
  // `-` requests standard input and is not part of the prompt.
  const typed = words.filter((word) => word !== '-').join(' ');
  const piped = stdinText?.replace(/\r?\n$/, '') ?? '';
  const parts = [piped, typed].filter((part) => part.trim() !== '');
  return parts.length === 0 ? undefined : parts.join('\n\n');
}
