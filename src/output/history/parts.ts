import { bytesText } from '../../text/bytes.ts';
import type { StoredMessage } from '../../storage/conversations/conversations.ts';
import type { ContentPart, ToolCall } from '../../apis/message.ts';
import { fallbackText } from '../text/fallback.ts';
import { moneyText } from '../text/money.ts';

/** Returns the speaker: `you`, the model that answered, or another role such as `tool`. */
export function speakerText({ message, model }: StoredMessage): string {
  if (message.role === 'user') return 'you';
  return message.role === 'assistant' ? (model ?? 'assistant') : message.role;
}

/** Returns the details of an answer besides its text: `DeepInfra · $0.000136 · instead of a/one: rate-limit 429 · [stopped]`. */
export function answerFacts({ provider, cost, state, error, isLeftOut, model = '', ...facts }: StoredMessage): string {
  const ending = {
    complete: undefined,
    stopped: '[stopped]',
    streaming: '[in progress]',
    failed: `[failed${error === undefined ? '' : `: ${error}`}]`,
  }[state];
  const place = isLeftOut === true ? '[left out: it did not replace the earlier answer]' : undefined;
  return [
    provider,
    cost === undefined ? undefined : moneyText(cost),
    fallbackText({ ...facts, requestedModel: model, servedModel: model }),
    ending,
    place,
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}

/** Returns the text of a message. Other content and tool calls are named in brackets. */
export function messageLines({ message, images = [], audio = [] }: StoredMessage): string {
  const { content, toolCalls = [] } = message;
  const parts: readonly ContentPart[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  return [
    ...parts.map(partText),
    ...images.map((url) => `[image: ${addressText(url)}]`),
    ...(audio.length > 0 ? ['[audio]'] : []),
    ...toolCalls.map(callText),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

export function callText({ name, arguments: given }: ToolCall): string {
  return `[calls ${name}: ${given}]`;
}

/** Returns a text part unchanged, and the name of any other part in brackets. */
export function partText(part: ContentPart): string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'image':
    case 'video':
      return `[${part.type}: ${addressText(part.url)}]`;
    case 'file':
      return `[file: ${part.name}]`;
    case 'audio':
      return `[audio: ${part.format}]`;
  }
}

function addressText(url: string): string {
  const [, type] = /^data:([^;,]*)/.exec(url) ?? [];
  return type === undefined ? url : `${type}, ${bytesText((url.length * 3) / 4)}`;
}
