import type { SdkType } from './sdk-types.ts';

/** The type of a request for a streamed answer in each vendor's own SDK. */
export const SDK_REQUESTS = {
  openai: {
    module: 'openai/resources/chat/completions',
    type: 'sdk.ChatCompletionCreateParamsStreaming',
  },
  responses: {
    module: 'openai/resources/responses/responses',
    type: 'sdk.ResponseCreateParamsStreaming',
  },
  // Models up to Opus 4.6 take these, and the SDK of the day has dropped them.
  anthropic: {
    module: '@anthropic-ai/sdk/resources/messages',
    type: 'sdk.MessageCreateParamsStreaming & { temperature?: number; top_p?: number; top_k?: number }',
  },
  // The SDK's own type is flat: it makes this of it.
  gemini: {
    module: '@google/genai',
    type: `Wire<{
      contents: sdk.Content[]; systemInstruction?: sdk.Content; tools?: sdk.Tool[]; toolConfig?: sdk.ToolConfig;
      safetySettings?: sdk.SafetySetting[]; cachedContent?: string; serviceTier?: sdk.ServiceTier;
      generationConfig?: sdk.GenerationConfig & { imageConfig?: sdk.ImageConfig };
    }>`,
  },
  // What goes over the wire is not exported by name.
  cohere: {
    module: '../../node_modules/cohere-ai/serialization/resources/v2/client/requests/V2ChatStreamRequest.js',
    type: 'sdk.V2ChatStreamRequest.Raw & { stream: true }',
  },
  // The server takes two fields that its SDK does not name: ChatRequest in its api/types.go.
  ollama: {
    module: 'ollama',
    type: 'sdk.ChatRequest & { stream: true; truncate?: boolean; shift?: boolean }',
    schemaFields: ['parameters'],
  },
  // The SDK fills in what has a default, which its type of the wire therefore demands.
  mistral: {
    module: '@mistralai/mistralai/models/components',
    type: 'sdk.ChatCompletionStreamRequest$Outbound',
  },
} as const satisfies Readonly<Record<string, SdkType>>;
