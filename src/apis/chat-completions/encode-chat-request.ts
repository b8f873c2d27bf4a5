import { copyWith } from '../../copy-with.ts';
import type { ChatDeviations } from '../chat-deviations.ts';
import type { ChatRequest } from '../completion.ts';
import type { Message } from '../message.ts';
import type { EncodedCompletion } from '../dialect.ts';
import type { Vendor } from '../vendors.ts';
import { extraFields, unsupported } from '../wire/direct-request.ts';
import { deviationsOf } from './deviations.ts';
import { encodeChatParameters } from './encode-chat-parameters.ts';
import { encodeChatMessages } from './encode-chat-messages.ts';
import { encodeChatReasoning } from './encode-chat-reasoning.ts';
import { encodeChatTools } from './encode-chat-tools.ts';

const MAKES_IMAGES = 'find a model of OpenRouter with image output: orx models';

/** Encodes a completion request for this vendor. Only requested fields are sent. */
export function encodeChatRequest(request: ChatRequest, vendor: Vendor): EncodedCompletion {
  const deviations = deviationsOf(vendor, request.model);
  const parameters = encodeChatParameters(request, vendor, deviations);
  const reasoning = encodeChatReasoning(request.reasoning, request.model, vendor, deviations);
  const format = encodeFormat(request, vendor, deviations);
  return {
    path: '/chat/completions',
    body: copyWith(extraFields(request), {
      model: request.model,
      messages: encodeChatMessages(format.messages, vendor, deviations),
      stream: request.stream,
      ...(request.stream && deviations.hasNoStreamOptions !== true && { stream_options: { include_usage: true } }),
      ...parameters.fields,
      ...reasoning.fields,
      ...encodeModalities(request, vendor, deviations),
      ...format.fields,
      ...encodeChatTools(request, vendor, deviations),
    }),
    dropped: [...parameters.dropped, ...reasoning.dropped, ...format.dropped],
  };
}

function encodeModalities(
  { modalities = [], audio, imageConfig }: ChatRequest,
  vendor: Vendor,
  deviations: ChatDeviations,
): Record<string, unknown> {
  if (modalities.includes('image') || imageConfig !== undefined) throw unsupported('image output', vendor, MAKES_IMAGES);
  // Text is the default output of every host, and not every host supports the field.
  if (!modalities.includes('audio') && audio === undefined) return {};
  if (deviations.speaks !== true) {
    throw unsupported('audio output', vendor, 'request no audio, or find a model with audio output: orx models');
  }
  return { modalities, ...(audio !== undefined && { audio }) };
}

interface EncodedFormat {
  fields: Readonly<Record<string, unknown>>;
  messages: readonly Message[];
  dropped: readonly string[];
}

function encodeFormat(
  { responseFormat: format, messages }: ChatRequest,
  vendor: Vendor,
  deviations: ChatDeviations,
): EncodedFormat {
  if (format === undefined) return { fields: {}, messages, dropped: [] };
  if (format.type === 'json_object') return { fields: { response_format: { type: 'json_object' } }, messages, dropped: [] };
  const { type, name, description, schema, strict } = format;
  if (deviations.hasNoJsonSchema === true) {
    const instruction = `Answer with one JSON object, and nothing else, that follows this JSON Schema:\n${JSON.stringify(schema)}`;
    return {
      fields: { response_format: { type: 'json_object' } },
      messages: withInstruction(messages, instruction),
      dropped: [`response_format: ${vendor.label} does not enforce a JSON Schema; orx sends the schema as an instruction`],
    };
  }
  const json_schema = { name, ...(description !== undefined && { description }), strict, schema };
  return { fields: { response_format: { type, json_schema } }, messages, dropped: [] };
}

function withInstruction(messages: readonly Message[], instruction: string): readonly Message[] {
  const [first, ...rest] = messages;
  if (first?.role !== 'system') return [{ role: 'system', content: instruction }, ...messages];
  const content =
    typeof first.content === 'string'
      ? `${first.content}\n\n${instruction}`
      : [...first.content, { type: 'text', text: instruction } as const];
  return [{ role: 'system', content }, ...rest];
}
