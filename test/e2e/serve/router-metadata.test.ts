import { expect, test } from 'vitest';
import { refuses, says, startScriptedUpstream, upstreamChunk } from '../../support/scripted-upstream.ts';
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

test('so does a client whose request fails, in the body of the error or in the last chunk', async () => {
  const down = await startScriptedUpstream(refuses(503, { message: 'Down' }));
  const busy = await startScriptedUpstream(refuses(429, { message: 'Busy' }));
  const broken = await startScriptedUpstream((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(`${upstreamChunk('three', { content: 'hello' })}data: {"error":{"message":"Broke","code":"server_error"}}\n\n`);
  });
  const { url } = await serveConfig(`
vendors: {down: {base_url: "${down.origin}/v1"}, busy: {base_url: "${busy.origin}/v1"}, broken: {base_url: "${broken.origin}/v1"}}
models: {chat: {targets: ["down:one", "busy:two"]}, half: "broken:three"}
routing: {retries: 0}
cooldown: {failures: 100}
`);
  const send = async (path: string, body: object, wish = 'enabled'): Promise<[number, string]> => {
    const response = await fetch(`${url}/${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer any', 'content-type': 'application/json', 'x-openrouter-metadata': wish },
      body: JSON.stringify(body),
    });
    return [response.status, await response.text()];
  };
  const messages = [{ role: 'user', content: 'Hi' }];
  const expected = {
    requested: 'chat',
    strategy: 'fallback',
    region: null,
    summary: 'available=2',
    attempt: 2,
    is_byok: false,
    endpoints: {
      total: 2,
      available: [
        { provider: 'down', model: 'down:one', selected: false },
        { provider: 'busy', model: 'busy:two', selected: false },
      ],
    },
    attempts: [
      { provider: 'down', model: 'down:one', status: 503 },
      { provider: 'busy', model: 'busy:two', status: 429 },
    ],
  };
  const requests: [string, object][] = [
    ['chat/completions', { model: 'chat', messages }],
    ['chat/completions', { model: 'chat', messages, stream: true }],
    ['messages', { model: 'chat', max_tokens: 9, messages }],
    ['messages', { model: 'chat', max_tokens: 9, messages, stream: true }],
    ['responses', { model: 'chat', input: 'Hi' }],
    ['responses', { model: 'chat', input: 'Hi', stream: true }],
    ['../v1beta/models/chat:generateContent', { contents: [{ parts: [{ text: 'Hi' }] }] }],
    ['../v1beta/models/chat:streamGenerateContent?alt=sse', { contents: [{ parts: [{ text: 'Hi' }] }] }],
    ['../v1beta/models/chat:streamGenerateContent', { contents: [{ parts: [{ text: 'Hi' }] }] }],
  ];
  for (const [path, body] of requests) {
    const [status, text] = await send(path, body);
    expect(status).toBeGreaterThan(400);
    expect(JSON.parse(text)).toMatchObject({
      error: { message: expect.stringContaining('Down') },
      openrouter_metadata: expected,
    });
    expect(JSON.parse((await send(path, body, 'no'))[1])).not.toHaveProperty('openrouter_metadata');
  }
  const halves: [string, object][] = [
    ['chat/completions', { model: 'half', messages, stream: true }],
    ['messages', { model: 'half', max_tokens: 9, messages, stream: true }],
    ['responses', { model: 'half', input: 'Hi', stream: true }],
    ['../v1beta/models/half:streamGenerateContent?alt=sse', { contents: [{ parts: [{ text: 'Hi' }] }] }],
    ['../v1beta/models/half:streamGenerateContent', { contents: [{ parts: [{ text: 'Hi' }] }] }],
  ];
  const found =
    /"openrouter_metadata":\{"requested":"half","strategy":"alias".*?"attempts":\[\{"provider":"broken","model":"broken:three"/;
  for (const [path, body] of halves) {
    const [code, text] = await send(path, body);
    expect([path, code, text.split('"openrouter_metadata"').length]).toEqual([path, 200, 2]);
    expect(`${path} ${text.slice(text.indexOf('Broke'))}`).toMatch(found);
    expect(`${path} ${(await send(path, body, 'no'))[1]}`).not.toContain('openrouter_metadata');
  }
  const [status, stream] = await send('chat/completions', { model: 'half', messages, stream: true });
  expect([
    status,
    JSON.parse(
      stream
        .trim()
        .split('\n\n')
        .at(-2)!
        .replace(/^data: /, ''),
    ),
  ]).toMatchObject([
    200,
    { error: { message: 'Broke' }, openrouter_metadata: { strategy: 'alias', attempts: [{ model: 'broken:three' }] } },
  ]);
});
