import { expect, test } from 'vitest';
import { startGateway } from '../../src/gateway/start-gateway.ts';
import { scriptedProvider } from '../support/scripted-provider.ts';

test.each([
  ['/v1/completions', 'POST /v1/chat/completions with messages'],
  ['/api/v1/completions', 'POST /v1/chat/completions with messages'],
  ['/v1/v1/messages', 'remove /v1 from the base URL'],
  ['/chat/completions', 'add /v1 to the base URL'],
  ['/models', 'add /v1 to the base URL'],
  ['/v1/responses/resp_1', 'the gateway stores no responses'],
])('the error for %s says what to use', async (path, advice) => {
  const gateway = await startGateway({ api: scriptedProvider(() => []), port: 0, now: Date.now, monotonic: () => 0 });
  const response = await fetch(`${gateway.origin}${path}`, { method: 'POST', headers: { 'x-api-key': 'any' }, body: '{}' });
  expect(response.status).toBe(404);
  const { error } = (await response.json()) as { error: { message: string } };
  expect(error.message).toMatch(new RegExp(`^unknown path ${path}: .*${advice}`));
  await gateway.close();
});
