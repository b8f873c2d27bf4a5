import type { ChatRequest } from '../../../apis/completion.ts';
import type { Message } from '../../../apis/message.ts';
import { isDirect } from '../../../apis/direct-id.ts';
import type { FunctionTool } from '../../../apis/request-parameters.ts';
import { alternate } from './alternate.ts';
import { cleanMessage } from './clean-message.ts';
import { pairCalls } from './pair-calls.ts';
import { ownReasoning } from './own-reasoning.ts';
import { toolsOfHistory } from './history-tools.ts';
import { withToolsAsText } from './tools-as-text.ts';

export interface ReplayOptions {
  /** Definitions of tools that were called earlier in the conversation. */
  pastTools?: readonly FunctionTool[] | undefined;
  /** False: the model takes no tools at all, so that earlier calls go along as text. Default true. */
  takesTools?: boolean | undefined;
}

/**
 * Returns the request in the form that the strictest provider accepts, whatever the conversation holds: docs/conversations.md lists the
 * rules. A request whose history holds calls defines their tools; where none are offered now, `tool_choice: none` keeps them from being called.
 */
export function normalizeRequest(request: ChatRequest, { pastTools = [], takesTools = true }: ReplayOptions = {}): ChatRequest {
  const others = askedNext(request);
  const messages = normalizeMessages(request.messages, request.model, others);
  const calls = messages.flatMap(({ toolCalls = [] }) => toolCalls);
  const definesTools = request.tools !== undefined || request.extra?.['tools'] !== undefined;
  if (calls.length === 0 || definesTools) return { ...request, messages };
  if (!takesTools) return { ...request, messages: normalizeMessages(messages.map(withToolsAsText), request.model, others) };
  return { ...request, messages, tools: toolsOfHistory(calls, pastTools), toolChoice: 'none' };
}

/** Models of a fallback list that core/pipeline/fallback.ts walks: OpenRouter walks a list without direct models, and gets one request for all. */
function askedNext({ model, fallbackModels = [] }: ChatRequest): readonly string[] {
  return [model, ...fallbackModels].some(isDirect) ? fallbackModels : [];
}

/**
 * Returns the messages as every provider accepts them: nothing blank, each call with its one result right behind it, arguments that are
 * objects, reasoning only for the model family that produced it, and user and assistant taking turns. What a person or a model said stays.
 * Reasoning of `others` stays as well: core/pipeline/fallback.ts does this again for the model that it asks.
 */
export function normalizeMessages(messages: readonly Message[], model: string, others: readonly string[] = []): Message[] {
  const instructions = messages.filter(({ role }) => role === 'system').flatMap(cleanMessage);
  const spoken = messages.filter(({ role }) => role !== 'system');
  return [...instructions, ...alternate(pairCalls(ownReasoning(spoken, [model, ...others]), model).flatMap(cleanMessage))];
}
