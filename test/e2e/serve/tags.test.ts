import { expect, test } from 'vitest';
import { type ApiServer, sendJson, startApiServer } from '../../support/api-server.ts';
import { says, type ScriptedUpstream, startScriptedUpstream } from '../../support/scripted-upstream.ts';
import { serveConfig } from '../../support/served-gateway.ts';

/** Starts a vendor with the APIs of Anthropic, OpenAI and Cohere. Its counts, vectors and scores are `number`. */
function startNumbered(number: number): Promise<ApiServer> {
  return startApiServer(({ url }, response) => {
    if (url.endsWith('/count_tokens')) return sendJson(response, 200, { input_tokens: number });
    if (url.endsWith('/rerank')) return sendJson(response, 200, { id: 'r', results: [{ index: 0, relevance_score: number }] });
    return sendJson(response, 200, { data: [{ index: 0, embedding: [number] }], model: 'm', usage: { prompt_tokens: 1 } });
  });
}

test('tags of headers and bodies choose the target of token counts, embeddings and rankings too', async () => {
  const [free, paid] = [await startNumbered(1), await startNumbered(2)];
  const vendors = [
    ['anthropic', ''],
    ['openai', '/v1'],
    ['cohere', ''],
  ].flatMap(([like, path]) => [
    `  ${like}-free: { like: ${like}, base_url: "${free.origin}${path}", key: k }\n`,
    `  ${like}-paid: { like: ${like}, base_url: "${paid.origin}${path}", key: k }\n`,
  ]);
  const targets = (like: string): string =>
    `{ targets: [ { model: "${like}-free:m", tags: [free, default] }, { model: "${like}-paid:m", tags: [paid] } ] }`;
  const gateway = await serveConfig(
    `vendors:\n${vendors.join('')}models:\n  chat: ${targets('anthropic')}\n  vectors: ${targets('openai')}\n  ranks: ${targets('cohere')}\nrouting: { tag_filter: any }\n`,
  );
  const post = async (path: string, body: object, headers: Record<string, string> = {}): Promise<unknown> => {
    const response = await fetch(`${gateway.url}${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer any', ...headers },
      body: JSON.stringify(body),
    });
    const reply = (await response.json()) as any;
    return reply.input_tokens ?? reply.data?.[0].embedding[0] ?? reply.results?.[0].relevance_score ?? [response.status, reply];
  };
  const requests: [string, object][] = [
    ['/messages/count_tokens', { model: 'chat', messages: [{ role: 'user', content: 'hi' }] }],
    ['/embeddings', { model: 'vectors', input: 'hi' }],
    ['/rerank', { model: 'ranks', query: 'hi', documents: ['hi'] }],
  ];
  for (const [path, body] of requests) {
    expect([
      path,
      await post(path, body),
      await post(path, body, { 'x-orx-tags': 'paid' }),
      await post(path, body, { 'x-litellm-tags': 'other, paid' }),
      await post(path, { ...body, litellm_metadata: { tags: ['paid'] } }),
    ]).toEqual([path, 1, 2, 2, 2]);
    expect(await post(path, body, { 'x-orx-tags': 'x'.repeat(129) })).toEqual([400, expect.anything()]);
  }
  const sent = [...free.requests, ...paid.requests].filter(({ method }) => method === 'POST');
  expect(sent.filter((request) => /tags|litellm/.test(JSON.stringify([request.json(), request.headers])))).toEqual([]);
});

test("LiteLLM's filter of one name and prefix of tags choose the target", async () => {
  const [free, paid] = [await startScriptedUpstream(says(['free'])), await startScriptedUpstream(says(['paid']))];
  const entry = (name: string, upstream: ScriptedUpstream, tags: string, info: string): string =>
    `  - {model_name: ${name}, litellm_params: {model: openai/m, api_base: "${upstream.origin}/v1", api_key: k, order: 1, tags: ${tags}}, model_info: ${info}}\n`;
  const { client, stderr } = await serveConfig(
    `model_list:\n${entry('chat', free, '[free, default]', '{enable_tag_filtering: true}')}${entry('chat', paid, '[paid]', '{}')}router_settings: {tag_routing_prefix: "route:"}\n`,
  );
  const ask = async (...tags: string[]): Promise<unknown> => {
    const body = { model: 'chat', messages: [{ role: 'user' as const, content: 'hi' }] };
    const headers = { 'x-litellm-tags': tags.join(',') };
    const answer = client.chat.completions.create(body, { headers });
    return answer.then(
      ({ choices }) => choices[0]!.message.content,
      (error: { status: number }) => error.status,
    );
  };
  expect([await ask('route:paid', 'team-a'), await ask('paid'), await ask('team-a'), await ask('route:other')]).toEqual([
    'paid',
    'paid',
    'free',
    404,
  ]);
  expect(stderr()).not.toContain('not used');
});
