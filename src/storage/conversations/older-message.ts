import { decodeAnnotations } from '../../apis/annotations.ts';
import type { Annotation, Message } from '../../apis/message.ts';
import { decodeReasoningDetails } from '../../apis/reasoning-details.ts';

/** A message as versions before the neutral format wrote it: reasoning and annotations as OpenRouter's own objects. */
interface OlderMessage extends Partial<Omit<Message, 'annotations'>> {
  reasoningDetails?: readonly unknown[] | undefined;
  annotations?: readonly unknown[] | undefined;
}

/** Returns a stored message in the current format, whichever version wrote it. */
export function currentMessage({ reasoningDetails, annotations, ...rest }: OlderMessage): Partial<Message> {
  return {
    ...rest,
    ...(reasoningDetails !== undefined && { reasoningParts: decodeReasoningDetails(reasoningDetails) }),
    ...(annotations !== undefined && { annotations: currentAnnotations(annotations) }),
  };
}

function currentAnnotations(annotations: readonly unknown[]): readonly Annotation[] {
  const isCurrent = (one: unknown): one is Annotation => typeof one === 'object' && one !== null && 'kind' in one;
  return annotations.flatMap((one) => (isCurrent(one) ? [one] : decodeAnnotations([one])));
}
