import { cohereFaults, mistralFaults, mistralParameters, type SchemaCheck } from './sdk-schemas.ts';
import { type SdkType, typeFaults } from './sdk-types.ts';

type Fields = Readonly<Record<string, unknown>>;

/** How an SDK describes a completion request. */
interface SdkRequest extends SdkType {
  /** Converts the body's field names to those of the SDK. */
  parameters?: (body: Fields) => Fields;
  schemaFaults?: SchemaCheck;
}

const CHAT = 'sdk.ChatCompletionCreateParams';
/** Fields that vendors of chat completions document in addition to OpenAI's. */
const ANSWER = 'sdk.ChatCompletionAssistantMessageParam & { reasoning?: string; reasoning_content?: string }';
const FIELDS = `{
  top_k?: number; min_p?: number; repetition_penalty?: number; thinking?: { type: 'enabled' | 'disabled' };
  reasoning_effort?: 'none' | 'default' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';
  reasoning_format?: 'hidden' | 'raw' | 'parsed'; include_reasoning?: boolean;
}`;
const COMPATIBLE = `Omit<${CHAT}, 'messages' | 'reasoning_effort'> & ${FIELDS}`;
/** vLLM's own fields: chat template arguments, and video. */
const VLLM = `{ chat_template_kwargs?: Record<string, unknown> }`;
const VIDEO_QUESTION = `{ role: 'user'; content: (sdk.ChatCompletionContentPart | { type: 'video_url'; video_url: { url: string } })[] }`;

export const SDK_REQUESTS = {
  openai: { module: 'openai/resources/chat/completions', type: CHAT },
  compatible: {
    module: 'openai/resources/chat/completions',
    type: `${COMPATIBLE} & { messages: (sdk.ChatCompletionMessageParam | ${ANSWER})[] }`,
  },
  vllm: {
    module: 'openai/resources/chat/completions',
    type: `${COMPATIBLE} & ${VLLM} & { messages: (sdk.ChatCompletionMessageParam | ${ANSWER} | ${VIDEO_QUESTION})[] }`,
  },
  responses: { module: 'openai/resources/responses/responses', type: 'sdk.ResponseCreateParams' },
  // Models up to Opus 4.6 accept these fields, but the current SDK has dropped them.
  anthropic: {
    module: '@anthropic-ai/sdk/resources/messages',
    type: 'sdk.MessageCreateParamsStreaming & { temperature?: number; top_p?: number; top_k?: number }',
  },
  // The SDK's own type is flat and is converted to this.
  gemini: {
    module: '@google/genai',
    type: `Wire<{
      contents: sdk.Content[]; systemInstruction?: sdk.Content; tools?: sdk.Tool[]; toolConfig?: sdk.ToolConfig;
      safetySettings?: sdk.SafetySetting[]; cachedContent?: string; serviceTier?: sdk.ServiceTier;
      generationConfig?: sdk.GenerationConfig & { imageConfig?: sdk.ImageConfig };
    }>`,
  },
  // The type of the wire format is not exported by name.
  cohere: {
    module: '../../node_modules/cohere-ai/serialization/resources/v2/client/requests/V2ChatStreamRequest.js',
    type: 'sdk.V2ChatStreamRequest.Raw & { stream: true }',
    schemaFaults: cohereFaults,
  },
  // The server accepts two fields that its SDK does not name: see ChatRequest in its api/types.go.
  ollama: {
    module: 'ollama',
    type: 'sdk.ChatRequest & { stream: true; truncate?: boolean; shift?: boolean }',
    schemaFields: ['parameters'],
  },
  mistral: {
    module: '@mistralai/mistralai/models/components',
    type: 'sdk.ChatCompletionStreamRequest',
    parameters: mistralParameters,
    schemaFaults: mistralFaults,
  },
} as const satisfies Readonly<Record<string, SdkRequest>>;

export type SdkName = keyof typeof SDK_REQUESTS;

export interface SdkBody {
  sdk: SdkName;
  body: Fields;
}

/** Returns the objections of the vendors' SDK types and schemas to each request body; an empty list if the body is accepted. */
export async function sdkFaults(bodies: readonly SdkBody[]): Promise<string[][]> {
  const described = bodies.map(({ sdk, body }) => ({ body, request: SDK_REQUESTS[sdk] as SdkRequest }));
  const byType = typeFaults(described.map(({ body, request }) => ({ value: request.parameters?.(body) ?? body, type: request })));
  const bySchema = await Promise.all(described.map(({ body, request }) => request.schemaFaults?.(body) ?? []));
  return byType.map((faults, index) => [...faults, ...bySchema[index]!]);
}
