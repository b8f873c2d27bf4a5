import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { directId } from '../../src/apis/direct-id.ts';
import { loadDialect, loadVendorDialects } from '../../src/apis/direct/dialects.ts';
import type { Dialect } from '../../src/apis/dialect.ts';
import { type DialectName, findVendor, type Vendor } from '../../src/apis/vendors.ts';
import { normalizeRequest } from '../../src/core/request/replay/normalize-request.ts';
import { OrxError } from '../../src/errors.ts';
import { type SdkName, sdkFaults } from '../support/sdk-requests.ts';
import { anyRequest, type PlainRequest, PNG, REQUESTS } from '../support/vendor-requests.ts';

interface Case {
  vendor: string;
  /** One of each generation that the dialect distinguishes. */
  models: readonly string[];
  /** Set if it is not the dialect at the vendor's own URL. */
  dialect?: DialectName;
  sdk: SdkName;
  /** Names in REQUESTS that the vendor cannot do and that orx may not leave out. */
  refuses: readonly string[];
}

const IMAGES = ['image data', 'image URL', 'an image of an answer', 'results with an image'];
const PDFS = ['PDF data', 'PDF URL'];
const SOUND_AND_VIDEO = ['audio input', 'video input'];
const OUTPUTS = ['image output', 'audio output'];

const CASES: readonly Case[] = [
  { vendor: 'openai', models: ['gpt-4o-mini'], sdk: 'openai', refuses: ['PDF URL', 'video input', 'image output'] },
  // A custom base URL.
  {
    vendor: 'openai',
    dialect: 'chat-completions',
    models: ['gpt-5-mini', 'o3'],
    sdk: 'openai',
    refuses: ['PDF URL', 'video input', 'image output'],
  },
  { vendor: 'openai', models: ['gpt-5', 'o4-mini'], sdk: 'responses', refuses: [...SOUND_AND_VIDEO, ...OUTPUTS] },
  {
    vendor: 'mistral',
    models: ['mistral-small-latest', 'magistral-medium-latest'],
    sdk: 'mistral',
    refuses: ['video input', 'image output', 'audio output'],
  },
  {
    vendor: 'deepseek',
    models: ['deepseek-chat'],
    sdk: 'compatible',
    refuses: [...IMAGES, ...PDFS, ...SOUND_AND_VIDEO, ...OUTPUTS],
  },
  {
    vendor: 'groq',
    models: ['openai/gpt-oss-120b', 'qwen/qwen3-32b', 'llama-3.3-70b-versatile'],
    sdk: 'compatible',
    refuses: [...PDFS, ...SOUND_AND_VIDEO, ...OUTPUTS],
  },
  { vendor: 'xai', models: ['grok-3-mini'], sdk: 'compatible', refuses: [...PDFS, ...SOUND_AND_VIDEO, ...OUTPUTS] },
  { vendor: 'vllm', models: ['Qwen/Qwen3-8B'], sdk: 'vllm', refuses: [...PDFS, ...OUTPUTS] },
  {
    vendor: 'google',
    models: ['gemini-2.5-flash', 'gemini-3-pro-preview', 'gemini-2.5-pro', 'gemma-3-27b-it'],
    sdk: 'gemini',
    refuses: ['image URL', 'PDF URL', 'video input', 'audio output'],
  },
  { vendor: 'xai', models: ['grok-4-fast'], sdk: 'responses', refuses: [...SOUND_AND_VIDEO, ...OUTPUTS] },
  {
    vendor: 'cohere',
    models: ['command-a-03-2025', 'command-a-reasoning-08-2025'],
    sdk: 'cohere',
    refuses: ['results with an image', ...PDFS, ...SOUND_AND_VIDEO, ...OUTPUTS],
  },
  {
    vendor: 'anthropic',
    models: ['claude-sonnet-4-6', 'claude-opus-4-7', 'claude-sonnet-4-5', 'claude-3-5-haiku-20241022', 'claude-opus-5'],
    sdk: 'anthropic',
    refuses: [...SOUND_AND_VIDEO, ...OUTPUTS],
  },
  {
    vendor: 'ollama',
    models: ['llama3.2:3b', 'gpt-oss:20b'],
    sdk: 'ollama',
    refuses: ['image URL', ...PDFS, ...SOUND_AND_VIDEO, ...OUTPUTS],
  },
];

/** Random requests per model. */
const SAMPLES = 25;
const GENERATED = 'generated';

interface Encoded {
  model: string;
  title: string;
  request: PlainRequest;
  /** Undefined if orx rejected the request. */
  body: Readonly<Record<string, unknown>> | undefined;
  faults: readonly string[];
}

function encode(dialect: Dialect, vendor: Vendor, model: string, plain: PlainRequest): Encoded['body'] {
  const request = normalizeRequest({ ...plain, model: directId({ vendor: vendor.name, model }) });
  try {
    // As sent over the wire: undefined fields are absent.
    return JSON.parse(JSON.stringify(dialect.encode({ ...request, model }, vendor).body));
  } catch (error) {
    if (error instanceof OrxError && error.kind === 'usage') return undefined;
    throw error;
  }
}

const isGenerated = ({ title }: Encoded): boolean => title === GENERATED;

async function encodeAll({ vendor: name, models, dialect: own, sdk }: Case): Promise<(Encoded & { sdk: SdkName })[]> {
  const vendor = findVendor(name)!;
  const { dialectOf } = await loadVendorDialects(vendor);
  const ownDialect = own && (await loadDialect(own));
  return models.flatMap((model) => {
    const answered = [directId({ vendor: name, model }), 'anthropic/claude-sonnet-4.5', 'openai:gpt-5'];
    const generated = fc.sample(anyRequest(answered), SAMPLES).map((request) => [GENERATED, request] as const);
    return [...Object.entries(REQUESTS), ...generated].map(([title, request]) => ({
      sdk,
      model: directId({ vendor: name, model }),
      title,
      request,
      body: encode(ownDialect ?? dialectOf(model), vendor, model, request),
      faults: [],
    }));
  });
}

describe("requests, by the types of the vendors' own SDKs", () => {
  let encoded: readonly Encoded[] = [];
  // The compiler reads the SDKs once.
  beforeAll(async () => {
    const all = (await Promise.all(CASES.map(encodeAll))).flat();
    const sent = all.flatMap((one) => (one.body === undefined ? [] : { ...one, body: one.body }));
    const faults = await sdkFaults(sent);
    const checked = sent.map((one, index) => ({ ...one, faults: faults[index]! }));
    encoded = [...checked, ...all.filter(({ body }) => body === undefined)];
  });

  const models = CASES.flatMap(({ vendor, models: names, refuses }) =>
    names.map((model) => ({ model: directId({ vendor, model }), refuses })),
  );

  test.each(models)('$model: requests are accepted', ({ model }) => {
    const own = encoded.filter((one) => one.model === model);
    expect(own.length).toBe(Object.keys(REQUESTS).length + SAMPLES);
    expect(own.filter(({ faults }) => faults.length > 0)).toEqual([]);
  });

  test.each(models)('$model: unsupported requests fail', ({ model, refuses }) => {
    const refused = encoded.filter((one) => one.model === model && one.body === undefined);
    const [generated, named] = [refused.filter(isGenerated), refused.filter((one) => !isGenerated(one))];
    expect(named.map(({ title }) => title).toSorted()).toEqual(refuses.toSorted());
    // Without its last message, whose text is blank, a request can end with an answer, which some models do not continue.
    const endsBlank = ({ messages }: PlainRequest): boolean => String(messages.at(-1)?.content ?? '').trim() === '';
    const hasReason = ({ request }: Encoded): boolean =>
      endsBlank(request) || (refuses.includes('image data') && JSON.stringify(request).includes(PNG));
    expect(generated.filter((one) => !hasReason(one))).toEqual([]);
  });
});
