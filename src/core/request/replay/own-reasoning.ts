import type { Message } from '../../../apis/message.ts';
import { isRouter } from '../../model-id/served-model.ts';
import { isFromFamilyOf } from './same-family.ts';

/**
 * Returns the messages with the reasoning that `model` accepts: its own family's. Signed and encrypted reasoning is refused by any other.
 * Which model a router picks is not known, except that within a turn it stays the same: there the reasoning goes along.
 * With several `models` it stays for each of them.
 */
export function ownReasoning(messages: readonly Message[], models: readonly string[]): readonly Message[] {
  const [model = ''] = models;
  const lastQuestion = messages.findLastIndex(({ role }) => role === 'user');
  return messages.map((message, index) => {
    const { reasoningParts, ...rest } = message;
    if (reasoningParts === undefined || models.some((one) => isFromFamilyOf(message, one))) return message;
    return isRouter(model) && !model.startsWith('~') && index > lastQuestion ? message : rest;
  });
}
