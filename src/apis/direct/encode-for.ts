import { OrxError } from '../../errors.ts';
import type { ChatRequest } from '../completion.ts';
import type { ContentPart, Message } from '../message.ts';
import type { Dialect, EncodedCompletion } from '../dialect.ts';
import type { Vendor } from '../vendors.ts';
import { NOT_SUPPORTED } from '../wire/direct-request.ts';

type Medium = Exclude<ContentPart['type'], 'text'>;

/** In the order in which they are omitted: those that fewest vendors read come first. */
const MEDIA: readonly Medium[] = ['video', 'audio', 'file', 'image'];
const NAMES: Readonly<Record<Medium, string>> = { video: 'videos', audio: 'audio', file: 'files', image: 'images' };

/**
 * Encodes a request for a vendor. If the vendor cannot read an attachment of an earlier turn, text replaces it and `dropped`
 * reports it, so that the conversation can continue. Never omits attachments of the last question: then it throws the dialect's
 * usage error.
 */
export function encodeFor(request: ChatRequest, dialect: Dialect, vendor: Vendor): EncodedCompletion {
  const given: Medium[] = [];
  for (;;) {
    try {
      const encoded = dialect.encode({ ...request, messages: withoutEarlier(request.messages, given) }, vendor);
      const lines = given.map((medium) => `${NAMES[medium]} of earlier turns: ${vendor.label} does not accept them here`);
      return { ...encoded, dropped: [...encoded.dropped, ...lines] };
    } catch (error) {
      if (!(error instanceof OrxError) || error.code !== NOT_SUPPORTED) throw error;
      const next = MEDIA.find((medium) => !given.includes(medium) && earlier(request.messages).some(holds(medium)));
      if (next === undefined) throw error;
      given.push(next);
    }
  }
}

/** Returns the messages before the last question. */
function earlier(messages: readonly Message[]): readonly Message[] {
  return messages.slice(
    0,
    Math.max(
      0,
      messages.findLastIndex(({ role }) => role === 'user'),
    ),
  );
}

function holds(medium: Medium): (message: Message) => boolean {
  return ({ content }) => typeof content !== 'string' && content.some(({ type }) => type === medium);
}

function withoutEarlier(messages: readonly Message[], media: readonly Medium[]): readonly Message[] {
  if (media.length === 0) return messages;
  const end = earlier(messages).length;
  return messages.map((message, index) => {
    const { content } = message;
    if (index >= end || typeof content === 'string') return message;
    return { ...message, content: content.map((part) => withoutMedium(part, media)) };
  });
}

function withoutMedium(part: ContentPart, media: readonly Medium[]): ContentPart {
  if (part.type === 'text' || !media.includes(part.type)) return part;
  return { type: 'text', text: part.type === 'file' ? `[file: ${part.name}]` : `[${part.type}]` };
}
