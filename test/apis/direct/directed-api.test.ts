import { describe, expect, test } from 'vitest';
import type { Api } from '../../../src/apis/api.ts';
import type { ChatRequest, CompletionEvent, RoutingPreferences } from '../../../src/apis/completion.ts';
import { directedApi } from '../../../src/apis/direct/directed-api.ts';
import { findVendor } from '../../../src/apis/vendors.ts';
import { gather } from '../../support/byte-pieces.ts';

/** An API that answers with its own name and records the requests. */
function recorder(id: string): Api & { asked: ChatRequest[] } {
  const asked: ChatRequest[] = [];
  return {
    id,
    asked,
    async *streamCompletion(request) {
      asked.push(request);
      yield { type: 'text-delta', text: id };
    },
    describeCompletion: ({ model }) => ({ method: 'POST', url: `https://${id}/`, headers: {}, body: { model } }),
  };
}

function setUp() {
  const [router, vendor] = [recorder('router'), recorder('vendor')];
  const opened: [name: string, requireKey: boolean][] = [];
  const api = directedApi(router, {
    openRouter: () => router,
    async openVendor(name, { requireKey }) {
      opened.push([name, requireKey]);
      return { vendor: findVendor(name)!, api: vendor };
    },
  });
  const ask = (model: string, routing: RoutingPreferences = {}): Promise<CompletionEvent[]> =>
    gather(api.streamCompletion({ model, messages: [], stream: true, routing }));
  return { router, vendor, opened, api, ask };
}

describe('a request is routed by its model', () => {
  test('author/model to OpenRouter, unchanged', async () => {
    const { router, vendor, opened, ask } = setUp();
    const routing = { order: ['novita'], dataCollection: 'deny' as const };
    expect(await ask('deepseek/deepseek-chat:nitro', routing)).toEqual([{ type: 'text-delta', text: 'router' }]);
    expect(router.asked).toEqual([{ model: 'deepseek/deepseek-chat:nitro', messages: [], stream: true, routing }]);
    expect([opened, vendor.asked]).toEqual([[], []]);
  });

  test("vendor:model to the vendor, under its own name, without OpenRouter's fields", async () => {
    const { vendor, opened, ask } = setUp();
    expect(await ask('gemini:models/gemini-2.5-flash', {})).toEqual([{ type: 'text-delta', text: 'vendor' }]);
    expect(opened).toEqual([['google', true]]);
    expect(vendor.asked).toEqual([{ model: 'models/gemini-2.5-flash', messages: [], stream: true }]);
  });

  test('a preference that only a router can follow is dropped, with a notice first', async () => {
    const { vendor, ask } = setUp();
    const events = await ask('mistral:x', { order: ['a'], maxPrice: { prompt: '1', completion: '2' }, allowFallbacks: false });
    expect(events.map((event) => (event.type === 'dropped' ? event.text : event.type))).toEqual([
      '--provider: requests to Mistral are not routed',
      '--max-price: requests to Mistral are not routed',
      'text-delta',
    ]);
    expect(vendor.asked[0]?.routing).toBeUndefined();
  });

  test.each<[string, RoutingPreferences]>([
    ['no training', { dataCollection: 'deny' }],
    ['zero retention', { zeroDataRetention: true }],
  ])(
    'a requirement for %s fails at a vendor before a request is sent, and is kept by a server of one\u2019s own',
    async (_, routing) => {
      const { vendor, ask } = setUp();
      await expect(ask('anthropic:x', routing)).rejects.toMatchObject({
        kind: 'usage',
        message: expect.stringContaining('data policy at Anthropic') as string,
      });
      expect(vendor.asked).toEqual([]);
      expect(await ask('ollama:x', routing)).toEqual([{ type: 'text-delta', text: 'vendor' }]);
    },
  );

  test('a dry run needs no key', async () => {
    const { api, opened } = setUp();
    const shown = await api.describeCompletion!({ model: 'anthropic:x', messages: [], stream: true });
    expect([shown.url, shown.body, opened]).toEqual(['https://vendor/', { model: 'x' }, [['anthropic', false]]]);
  });
});
