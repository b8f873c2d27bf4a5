import type { ServedRequest } from '../../src/core/serve/served-request.ts';

/** Returns a successful request to the gateway, overridden by the given fields. */
export function servedRequest(given: Partial<ServedRequest> = {}): ServedRequest {
  return {
    id: 'req-1',
    startedAt: Date.parse('2026-11-24T15:30:00Z'),
    method: 'POST',
    path: '/v1/chat/completions',
    route: 'chat/completions',
    operation: 'chat',
    status: 200,
    model: 'anthropic:claude-sonnet-4-6',
    target: 'anthropic:claude-sonnet-4-6',
    provider: 'Anthropic',
    durationMs: 1400,
    isStreamed: true,
    attempts: 1,
    retries: 0,
    fallbacks: 0,
    overheadMs: 0.8,
    timeToFirstTokenMs: 400,
    usage: { promptTokens: 1600, completionTokens: 101, totalTokens: 1701, cachedTokens: 300, cost: '0.009165', wire: {} },
    finishReason: 'stop',
    ...given,
  };
}

/** Returns a failed request. */
export const failedRequest = (given: Partial<ServedRequest> = {}): ServedRequest =>
  servedRequest({
    status: 502,
    target: undefined,
    usage: undefined,
    timeToFirstTokenMs: undefined,
    failure: 'provider.connection',
    ...given,
  });
