import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sayMessage, startMessagesServer } from '../../support/messages-server.ts';
import { runServe } from '../../support/run-serve.ts';
import { tempFolder } from '../../support/temp-home.ts';

const SONNET = 'anthropic:claude-sonnet-4-6';

test("the endpoints of a name are its targets, with the gateway's measurements of each", async () => {
  const vendor = await startMessagesServer(sayMessage('Because of scattering.'));
  const home = tempFolder();
  const file = join(home, 'gateway.yaml');
  writeFileSync(file, `models:\n  careful:\n    targets: [${SONNET}, 'openai:gpt-5.4-mini']\n`);
  const { url } = await runServe(['--config', file], { home, env: { ...vendor.env, OPENAI_API_KEY: 'sk-none' } });
  const body = JSON.stringify({ model: 'careful', messages: [{ role: 'user', content: 'hi' }], stream: true });
  const headers = { authorization: 'Bearer any', 'content-type': 'application/json' };
  await (await fetch(`${url}/chat/completions`, { method: 'POST', headers, body })).text();
  const get = async (path: string): Promise<any> => (await fetch(`${url}/models/${path}/endpoints`, { headers })).json();
  const { data } = await get('careful');
  expect(data).toMatchObject({
    id: 'careful',
    endpoints: [
      {
        provider_name: 'Anthropic',
        tag: 'anthropic',
        model_id: SONNET,
        status: 0,
        orx: { state: 'closed', attempts: 1, failures: 0 },
      },
      { provider_name: 'OpenAI', tag: 'openai', orx: { attempts: 0, time_to_first_token_ms: null } },
    ],
  });
  expect(data.endpoints[0].orx.time_to_first_token_ms).toBeGreaterThan(0);
  expect(data.endpoints[0].pricing.prompt).toBeDefined();
  expect((await get(encodeURIComponent(SONNET))).data.endpoints).toHaveLength(1);
});
