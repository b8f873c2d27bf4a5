import { type Draft, isPasted, pastedDraft, typedDraft } from '../../../core/session/draft.ts';
import { mentionText } from '../../../core/session/mentions.ts';
import { usageError } from '../../../errors.ts';
import { bytesText } from '../../../text/bytes.ts';
import { type Message, messageText } from '../../../apis/message.ts';
import { readPieces } from '../../prompt/compose.ts';
import { contentOf } from '../../prompt/prepare.ts';
import { agreedMentions, findMentions, type FoundMention, isWebAddress, isMediumAddress } from './mentions.ts';
import type { SlashRun, Session } from '../session.ts';
import type { Written } from './written.ts';

/** Returns the message of a draft: reads and attaches what it mentions. Throws an error to show; nothing is sent then. */
export async function questionOf(session: Session, draft: Draft, signal: AbortSignal): Promise<Message> {
  const { text } = draft;
  const { hits: matches, missing } = await findMentions(session, draft, signal);
  const agreed = await agreedMentions(session, matches, signal);
  const attached = matches.filter((one) => agreed.has(one));
  const declined = matches.filter((one) => !agreed.has(one)).map(({ name }) => name);
  const message = { role: 'user', content: attached.length === 0 ? text : await contentWith(session, text, attached) } as const;
  session.written.set(message, { draft, attached: attached.map(attachedText), declined, missing });
  return message;
}

async function contentWith(session: Session, text: string, attached: readonly FoundMention[]): Promise<Message['content']> {
  const isMedium = ({ kind, path }: FoundMention): boolean => (kind === 'address' ? isMediumAddress(path) : kind === 'medium');
  const media = attached.filter(isMedium).map(({ path }) => path);
  const file = attached.filter((one) => !isMedium(one)).map(({ path }) => path);
  const pieces = await readPieces(
    [text],
    { file, attach: media },
    () => session.context.files.openPromptServices(session.settings),
    true,
    session.context.terminal,
  );
  return contentOf(pieces.text, pieces.media) ?? text;
}

function attachedText({ name, size }: FoundMention): string {
  return `@${name}${size === undefined ? '' : ` ${bytesText(size)}`}`;
}

/** Returns what the user wrote for a question. All text of a question from an earlier command counts as pasted. */
export function writtenFor(session: Session, question: Message): Written {
  return session.written.get(question) ?? { draft: pastedDraft(messageText(question)), attached: [], declined: [], missing: [] };
}

/** Adds a file to the message in the prompt. */
export const runAttach: SlashRun = async (session, rest, signal, _, draft) => {
  const path = rest.replace(/^@?"?|"?$/g, '');
  if (path === '') throw usageError('no file named', 'name a file: /attach FILE');
  const isThere = isWebAddress(path)
    ? URL.canParse(path)
    : (await session.services.findPath(path)) !== undefined || (await session.services.findMatches(path, signal)).length > 0;
  const mention = isThere ? mentionText(path) : undefined;
  if (mention === undefined) throw usageError(`file not found: ${path}`, 'type @ and the start of its name, then press Tab');
  // A pasted command names a file that the user did not type.
  const put = isPasted(draft, 0, draft.text.length) ? pastedDraft : typedDraft;
  session.putBack(put(`${mention} `));
  session.printText(`${mention} goes with the next message`);
};
