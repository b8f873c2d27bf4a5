import type { Message } from '../../../apis/message.ts';
import { isRouter } from '../../model-id/served-model.ts';
import { isFromFamilyOf } from './same-family.ts';

/**
 * Returns the messages with only the reasoning that `model` accepts: that of its own family. Other models reject signed and encrypted reasoning.
 * The model behind a router is not known, but it stays the same within a turn, so the reasoning of the current turn stays. With several
 * `models`, the reasoning of each of them stays.
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
