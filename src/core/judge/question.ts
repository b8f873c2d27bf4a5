import { createHash } from 'node:crypto';
import type { ContentPart, Message } from '../../apis/message.ts';
import type { JudgedMessage } from './judge-prompt.ts';

/** Returns the messages that all lanes were asked, as text: what differs between them is what is compared, not the question. */
export function sharedMessages(lanes: readonly (readonly Message[])[]): JudgedMessage[] {
  const [first = [], ...others] = lanes.map((messages) => messages.flatMap(judgedMessage));
  return first.filter((message) =>
    others.every((other) => other.some((one) => one.role === message.role && one.text === message.text)),
  );
}

/** Returns the hash that identifies a prompt: votes and verdicts on the same prompt are one cluster. */
export function promptHash(lanes: readonly (readonly Message[])[]): string {
  const shared = sharedMessages(lanes);
  const asked = shared.some(({ role }) => role === 'user') ? shared : lanes.map((messages) => messages.flatMap(judgedMessage));
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex');
}

function judgedMessage({ role, content }: Message): JudgedMessage[] {
  if (role === 'tool') return [];
  const text = typeof content === 'string' ? content : content.map(partText).join('\n');
  return text === '' ? [] : [{ role, text }];
}

/** A judge reads text only; the text names the other parts of the request. */
function partText(part: ContentPart): string {
  if (part.type === 'text') return part.text;
  return part.type === 'file' ? `[file ${part.name}]` : `[${part.type}]`;
}
