import { asArray, asObject, asText, type WireObject } from '../wire/wire-value.ts';

/** The text and the reasoning of content that is a list of parts. */
export interface SplitContent {
  text: string;
  thinking: string;
  signature?: string | undefined;
}

/** Separates Mistral's `thinking` parts from a list of parts. Returns undefined when it has none. */
export function splitThinking(content: readonly unknown[]): SplitContent | undefined {
  const parts = content.map(asObject).filter((part): part is WireObject => part !== undefined);
  const thoughts = parts.filter((part) => part['type'] === 'thinking');
  if (thoughts.length === 0) return undefined;
  return {
    text: textOf(parts),
    thinking: thoughts.map((part) => asText(part['thinking']) ?? textOf(asArray(part['thinking']))).join(''),
    signature: thoughts.map((part) => asText(part['signature'])).findLast((one) => one !== undefined),
  };
}

function textOf(parts: readonly unknown[]): string {
  return parts.map((part) => asText(asObject(part)?.['text']) ?? '').join('');
}
