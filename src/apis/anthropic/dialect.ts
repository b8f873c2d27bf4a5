import type { Dialect } from '../dialect.ts';
import { messageDecoder } from './decode-message.ts';
import { decodeModelList } from './decode-models.ts';
import { encodeMessageRequest } from './encode-message-request.ts';
import { ANTHROPIC_VERSION } from './names.ts';
import { messageTokenCount, passOnMessage } from './pass-on-message.ts';

/** Recognizes an access token of a Claude account, which is not an API key. */
const OAUTH_TOKEN = /^sk-ant-oat/;
const OAUTH_BETA = 'oauth-2025-04-20';

/** Anthropic's Messages API. */
export const anthropic: Dialect = {
  name: 'anthropic',
  encode: encodeMessageRequest,
  passOn: passOnMessage,
  tokenCount: messageTokenCount,
  framing: 'sse',
  alwaysStreams: true,
  decoder: messageDecoder,
  models: { path: '/models?limit=1000', decode: decodeModelList },
  keyHeaders: (key) => ({
    ...(OAUTH_TOKEN.test(key) ? { authorization: `Bearer ${key}`, 'anthropic-beta': OAUTH_BETA } : { 'x-api-key': key }),
    'anthropic-version': ANTHROPIC_VERSION,
  }),
};
