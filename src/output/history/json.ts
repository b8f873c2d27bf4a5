import { encodeAnnotations } from '../../apis/annotations.ts';
import { encodeReasoningDetails } from '../../apis/reasoning-details.ts';
import type { Conversation, SearchHit, StoredMessage } from '../../storage/conversations/conversations.ts';

/**
 * Returns a conversation as written by every `--json` of history: times as ISO 8601 in UTC, USD as exact decimal text, null for
 * unknown values.
 */
export function conversationJson(conversation: Conversation): Record<string, unknown> {
  return {
    id: conversation.id,
    title: conversation.title,
    created: isoText(conversation.createdAt),
    updated: isoText(conversation.updatedAt),
    model: conversation.model,
    system: conversation.system ?? null,
    project: conversation.project,
    profile: conversation.profile,
    forked_from: conversation.forkedFrom ?? null,
    messages: conversation.messages,
    cost: conversation.cost ?? null,
  };
}

/** Returns a whole message, with everything as it was sent and received. */
export function messageJson({ place, at, message, state, ...facts }: StoredMessage): Record<string, unknown> {
  return {
    place,
    time: isoText(at),
    role: message.role,
    state,
    content: message.content,
    ...(message.toolCalls !== undefined && { tool_calls: message.toolCalls }),
    ...(message.toolCallId !== undefined && { tool_call_id: message.toolCallId }),
    ...(message.reasoningParts !== undefined && { reasoning_details: encodeReasoningDetails(message.reasoningParts) }),
    ...(message.annotations !== undefined && { annotations: encodeAnnotations(message.annotations) }),
    ...(facts.images !== undefined && { images: facts.images }),
    ...(facts.audio !== undefined && { audio: facts.audio }),
    ...(facts.isLeftOut === true && { left_out: true }),
    ...(message.role === 'assistant' && {
      reasoning: facts.reasoning ?? null,
      model: facts.model ?? null,
      provider: facts.provider ?? null,
      generation_id: facts.generationId ?? null,
      finish_reason: facts.finishReason ?? null,
      usage: facts.usage?.wire ?? null,
      cost: facts.cost ?? null,
      error: facts.error ?? null,
      ...(facts.fallbackFrom !== undefined && { fallback_from: facts.fallbackFrom }),
      ...(facts.fallbackReason !== undefined && { fallback_reason: facts.fallbackReason }),
    }),
  };
}

export function hitJson(hit: SearchHit): Record<string, unknown> {
  return {
    id: hit.conversation,
    title: hit.title,
    place: hit.place,
    time: isoText(hit.at),
    role: hit.role,
    snippet: hit.snippet.map(({ text }) => text).join(''),
    hits: hit.snippet.filter(({ isHit }) => isHit).map(({ text }) => text),
  };
}

function isoText(moment: number): string {
  return new Date(moment).toISOString();
}
