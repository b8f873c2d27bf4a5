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
  /** False: the model does not support tools, so earlier calls are sent as text. Default true. */
  takesTools?: boolean | undefined;
}

/**
 * Returns the request in the form that the strictest provider accepts, whatever the conversation contains; docs/history.md lists the
 * rules. If the history contains calls, the request defines their tools; if no tools are offered now, `tool_choice: none` prevents calls.
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

/**
 * Returns the fallback models if core/pipeline/fallback.ts requests them one by one. It does so if one of them is direct; otherwise OpenRouter
 * gets the whole list in one request.
 */
function askedNext({ model, fallbackModels = [] }: ChatRequest): readonly string[] {
  return [model, ...fallbackModels].some(isDirect) ? fallbackModels : [];
}

/**
 * Returns the messages in the form that every provider accepts: nothing blank, each call followed by its one result, arguments that are objects,
 * reasoning only for the model family that produced it, and user and assistant alternating. What a person or a model said stays. Reasoning of
 * the models in `others` stays as well: core/pipeline/fallback.ts normalizes the messages again for the model that it requests.
 */
export function normalizeMessages(messages: readonly Message[], model: string, others: readonly string[] = []): Message[] {
  const instructions = messages.filter(({ role }) => role === 'system').flatMap(cleanMessage);
  const spoken = messages.filter(({ role }) => role !== 'system');
  return [...instructions, ...alternate(pairCalls(ownReasoning(spoken, [model, ...others]), model).flatMap(cleanMessage))];
}
