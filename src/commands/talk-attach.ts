import { openMention, mentionsOf, mentionText, type Mention } from '../core/talk/mentions.ts';
import type { Completion } from '../core/talk/completion.ts';
import { pathCandidates, splitPath } from '../core/talk/path-candidates.ts';
import { usageError } from '../errors.ts';
import { bytesText } from '../output/number-text.ts';
import { type Message, messageText } from '../providers/completion.ts';
import { readPieces } from './compose-prompt.ts';
import { contentOf } from './prepare-chat.ts';
import type { FoundPath } from './talk-desk.ts';
import type { SlashRun, TalkSession } from './talk-session.ts';

/** A question as it was typed, beside the message that was made of it. */
export interface Typed {
  text: string;
  /** What was attached, with its size where that is known. */
  attached: readonly string[];
  /** What looks like a file and is none. */
  missing: readonly string[];
}

const ADDRESS = /^https?:\/\//i;
const MEDIUM = /\.(png|jpe?g|webp|gif|pdf|wav|mp3|flac|ogg|aac|aiff?|m4a|mp4|mov|webm|mpe?g)$/i;
const FILM_HOST = /(^|\.)(youtube\.com|youtu\.be)$/i;
/** Names of a folder are read anew after this time. */
const LISTING_FRESH_MS = 3000;

/** The message that a typed text is: what it mentions is read and attached. Throws what should be said; nothing is sent then. */
export async function questionOf(talk: TalkSession, text: string): Promise<Message> {
  const mentions = mentionsOf(text);
  if (mentions.length === 0) return typed(talk, { role: 'user', content: text }, { text, attached: [], missing: [] });
  const [files, media, attached, missing]: [string[], string[], string[], string[]] = [[], [], [], []];
  for (const mention of mentions) {
    const found = await find(talk, mention);
    if (found === undefined) {
      // A name in a chat begins with the same sign.
      if (/[/\\.]/.test(mention.bare)) missing.push(mention.bare);
      continue;
    }
    (found.kind === 'medium' ? media : files).push(found.path);
    attached.push(`@${mention.bare}${found.size === undefined ? '' : ` ${bytesText(found.size)}`}`);
  }
  const pieces = await readPieces(
    [text],
    { file: files, attach: media },
    () => talk.context.openDesk(talk.settings),
    true,
    talk.context,
  );
  return typed(talk, { role: 'user', content: contentOf(pieces.text, pieces.media) ?? text }, { text, attached, missing });
}

/** What the user typed for a question; of one from an earlier run all of its text. */
export function typedOf(talk: TalkSession, question: Message): Typed {
  return talk.typed.get(question) ?? { text: messageText(question), attached: [], missing: [] };
}

function typed(talk: TalkSession, message: Message, what: Typed): Message {
  talk.typed.set(message, what);
  return message;
}

async function find(talk: TalkSession, { path, bare }: Mention): Promise<FoundPath | undefined> {
  if (ADDRESS.test(path)) return addressOf(bare);
  return (await talk.desk.findPath(path)) ?? (bare === path ? undefined : talk.desk.findPath(bare));
}

function addressOf(address: string): FoundPath | undefined {
  if (!URL.canParse(address)) return undefined;
  const { pathname, hostname } = new URL(address);
  return { path: address, kind: MEDIUM.test(pathname) || FILM_HOST.test(hostname) ? 'medium' : 'text', size: undefined };
}

/** What may be meant by an `@` at the end of what is typed. */
export function completeMention(talk: TalkSession, before: string): Completion | undefined {
  const open = openMention(before);
  if (open === undefined || ADDRESS.test(open.typed)) return undefined;
  const { folder } = splitPath(open.typed);
  const { listing } = talk;
  const now = talk.context.clock.monotonic();
  const isFresh = listing?.folder === folder && now - listing.at < LISTING_FRESH_MS;
  const fresh = isFresh ? listing : { folder, at: now, entries: talk.desk.listFolder(folder) };
  talk.listing = fresh;
  const candidates = pathCandidates(open.typed, fresh.entries);
  return candidates.length === 0 ? undefined : { start: open.start, candidates };
}

/** Puts a file into the message that is being written. */
export const runAttach: SlashRun = async (talk, rest) => {
  const path = rest.replace(/^@?"?|"$/g, '');
  if (path === '') throw usageError('attach what?', 'such as: /attach error.log — or type @error.log in a message');
  const found = ADDRESS.test(path) ? addressOf(path) : await talk.desk.findPath(path);
  const mention = found && mentionText(path);
  if (mention === undefined) throw usageError(`there is no file ${path}`, 'type @ and the beginning of a name, then tab');
  talk.putBack(`${mention} `);
  talk.say(`${mention} goes with the next message`);
};
