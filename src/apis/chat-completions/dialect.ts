import type { Dialect } from '../dialect.ts';
import { decodeOpenAiModels } from '../wire/decode-model-list.ts';
import { StreamDecoder } from './decode-stream.ts';
import { encodeChatRequest } from './encode-chat-request.ts';
import { passOnChat } from './pass-on-chat.ts';
import { VendorChunks } from './vendor-chunks.ts';
import { openAiEmbeddings } from './embeddings.ts';

/** OpenAI's chat completions, also for compatible hosts. apis/chat-deviations.ts lists how each host deviates. */
export const chatCompletions: Dialect = {
  name: 'chat-completions',
  encode: encodeChatRequest,
  passOn: passOnChat,
  framing: 'sse',
  decoder: (options, vendor) => new StreamDecoder(options, new VendorChunks(vendor)),
  embeddings: openAiEmbeddings,
  models: { path: '/models', decode: decodeOpenAiModels },
  keyHeaders: (key) => ({ authorization: `Bearer ${key}` }),
};
