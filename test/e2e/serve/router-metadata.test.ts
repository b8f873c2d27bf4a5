import { expect, test } from 'vitest';
import { refuses, says, startScriptedUpstream } from '../../support/scripted-upstream.ts';
import { serveConfig } from '../../support/served-gateway.ts';

test('a client that requests it learns which targets were asked; others do not', async () => {
  const first = await startScriptedUpstream(refuses(503, { message: 'Down' }));
  const second = await startScriptedUpstream(says(['hello']));
  const { url } = await serveConfig(`
vendors: {first: {base_url: "${first.origin}/v1"}, second: {base_url: "${second.origin}/v1"}}
models: {chat: {targets: ["first:one", "second:two"]}, alone: "second:two"}
routing: {retries: 1}
cooldown: {failures: 100}
cache: memory
`);
  const ask = async (model: string, stream: boolean, wish = 'Enabled'): Promise<any> => {
    const response = await fetch(`${url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer any', 'content-type': 'application/json', 'x-openrouter-metadata': wish },
      body: JSON.stringify({ model, stream, messages: [{ role: 'user', content: `${model} ${stream} ${wish}` }] }),
    });
    if (!stream) return response.json();
    const lines = (await response.text()).trim().split('\n\n');
    return JSON.parse(lines.at(-2)!.replace(/^data: /, ''));
  };
  const expected = {
    requested: 'chat',
    strategy: 'fallback',
    region: null,
    summary: 'available=2, selected=second',
    attempt: 3,
    is_byok: false,
    endpoints: {
      total: 2,
      available: [
        { provider: 'first', model: 'first:one', selected: false },
        { provider: 'second', model: 'second:two', selected: true },
      ],
    },
    attempts: [
      { provider: 'first', model: 'first:one', status: 503 },
      { provider: 'first', model: 'first:one', status: 503 },
      { provider: 'second', model: 'second:two', status: 200 },
    ],
  };
  expect((await ask('chat', true)).openrouter_metadata).toEqual(expected);
  expect((await ask('chat', false)).openrouter_metadata).toEqual(expected);
  const alone = { requested: 'alone', strategy: 'alias', attempt: 1, endpoints: { total: 1 } };
  expect((await ask('alone', false)).openrouter_metadata).toMatchObject(alone);
  expect(await ask('alone', false)).not.toHaveProperty('openrouter_metadata');
  const inDialect = async (path: string, body: object): Promise<string> => {
    const response = await fetch(`${url}/${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer any', 'content-type': 'application/json', 'x-openrouter-metadata': 'enabled' },
      body: JSON.stringify(body),
    });
    return response.text();
  };
  const dialects: [string, object][] = [
    ['messages', { model: 'chat', max_tokens: 9, messages: [{ role: 'user', content: 'in messages' }] }],
    ['responses', { model: 'chat', input: 'in responses' }],
    ['../v1beta/models/chat:generateContent', { contents: [{ parts: [{ text: 'in contents' }] }] }],
  ];
  for (const [path, body] of dialects) expect(JSON.parse(await inDialect(path, body)).openrouter_metadata).toEqual(expected);
  expect(await inDialect('messages', { ...dialects[0]![1], max_tokens: 8, stream: true })).toContain(
    `"openrouter_metadata":${JSON.stringify(expected)}`,
  );
  for (const stream of [true, false]) expect(await ask('alone', stream, 'no')).not.toHaveProperty('openrouter_metadata');
});
