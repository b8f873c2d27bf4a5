import { expect, test } from 'vitest';
import {
  type ConfiguredVendor,
  configuredVendors,
  configureVendor,
  isInUse,
  refuseReadable,
  requireKeySource,
  requireVendor,
} from '../../../src/core/vendors/resolve-vendor.ts';
import { readVendorEntries } from '../../../src/core/vendors/vendor-entry.ts';
import { VENDORS } from '../../../src/apis/vendors.ts';
import { isLoopback } from '../../../src/http/proxy.ts';

type Environment = Record<string, string>;

function configured(name: string, stored: Record<string, unknown> = {}, env: Environment = {}): ConfiguredVendor {
  return requireVendor(name, readVendorEntries(stored), env);
}

test.each([
  ['openai', 'OPENAI_BASE_URL', 'http://proxy.example', 'http://proxy.example'],
  ['openai', 'OPENAI_BASE_URL', 'http://proxy.example/v1/', 'http://proxy.example/v1'],
  ['openai', 'OPENAI_BASE_URL', 'http://proxy.example/deep/path', 'http://proxy.example/deep/path'],
  ['anthropic', 'ANTHROPIC_BASE_URL', 'http://proxy.example', 'http://proxy.example/v1'],
  ['anthropic', 'ANTHROPIC_BASE_URL', 'http://proxy.example/v1', 'http://proxy.example/v1'],
  ['anthropic', 'ANTHROPIC_BASE_URL', 'http://proxy.example/v1/', 'http://proxy.example/v1'],
  ['anthropic', 'ANTHROPIC_BASE_URL', 'http://proxy.example/anthropic', 'http://proxy.example/anthropic/v1'],
  ['google', 'GOOGLE_GEMINI_BASE_URL', 'http://proxy.example', 'http://proxy.example/v1beta'],
  ['groq', 'GROQ_BASE_URL', 'http://proxy.example', 'http://proxy.example/openai/v1'],
  ['ollama', 'OLLAMA_HOST', '10.0.0.7', 'http://10.0.0.7:11434/api'],
  ['ollama', 'OLLAMA_HOST', 'https://ollama.com', 'https://ollama.com/api'],
])('%s with %s=%s resolves to %s', (name, variable, value, baseUrl) => {
  expect(configured(name, {}, { [variable]: value })).toMatchObject({
    baseUrl,
    baseUrlSource: { source: 'environment', name: variable },
  });
});

test('a URL in the environment overrides the stored one, and that the table', () => {
  const stored = { openai: { baseUrl: 'http://stored.example/v1' } };
  const env = { OPENAI_BASE_URL: 'http://env.example/v1' };
  expect(configured('openai', stored, env).baseUrl).toBe('http://env.example/v1');
  expect(configured('openai', stored).baseUrl).toBe('http://stored.example/v1');
  expect(configured('openai', stored, { OPENAI_BASE_URL: '' }).baseUrl).toBe('http://stored.example/v1');
  expect(configured('openai').baseUrl).toBe('https://api.openai.com/v1');
});

test('of several key variables the first non-blank one counts', () => {
  expect(configured('google', {}, { GOOGLE_API_KEY: 'second', GEMINI_API_KEY: ' first ' }).key).toEqual({
    source: 'environment',
    name: 'GEMINI_API_KEY',
    key: 'first',
  });
  expect(configured('google', {}, { GOOGLE_API_KEY: 'second', GEMINI_API_KEY: '  ' }).key).toMatchObject({ key: 'second' });
  expect(configured('gemini', {}, {}).key).toBeUndefined();
});

test('a key in the environment overrides a stored one, and a custom variable those of the vendor', () => {
  const stored = { openai: { key: 'sk-stored' } };
  expect(configured('openai', stored, { OPENAI_API_KEY: 'sk-env' }).key).toMatchObject({ source: 'environment', key: 'sk-env' });
  expect(configured('openai', stored).key).toEqual({ source: 'file', key: 'sk-stored' });
  const own = configured('openai', { openai: { keyVariable: 'WORK_KEY' } }, { OPENAI_API_KEY: 'sk-env', WORK_KEY: 'sk-work' });
  expect(own).toMatchObject({ key: { name: 'WORK_KEY', key: 'sk-work' }, keyVariables: ['WORK_KEY'] });
  expect(configured('openai', { openai: { keyCommand: 'pass show x' } }).key).toEqual({
    source: 'command',
    command: 'pass show x',
  });
});

const isKept = ({ key, isKeyForOtherHost }: ConfiguredVendor): boolean => key === undefined && isKeyForOtherHost === true;

test.each([{ key: 'sk-stored' }, { keyCommand: 'pass show x' }])(
  'a stored key goes only to the host it was stored for: %o',
  (way) => {
    const elsewhere = { OPENAI_BASE_URL: 'https://proxy.example/v1' };
    const atHome = { openai: way };
    expect(configured('openai', atHome).key).toBeDefined();
    expect(configured('openai', atHome, elsewhere)).toSatisfy(isKept);
    const atProxy = { openai: { ...way, keyOrigin: 'https://proxy.example' } };
    expect(configured('openai', atProxy, elsewhere).key).toBeDefined();
    expect(configured('openai', atProxy)).toSatisfy(isKept);
    // Another scheme or port is another host.
    for (const url of ['http://proxy.example/v1', 'https://proxy.example:8443/v1', 'https://proxy.example.evil/v1'])
      expect(configured('openai', atProxy, { OPENAI_BASE_URL: url }).key).toBeUndefined();
    const refused = configured('openai', atHome, elsewhere);
    expect(isInUse(refused)).toBe(false);
    expect(() => requireKeySource(refused)).toThrow(
      expect.objectContaining({ kind: 'authentication', code: 'key-for-other-host' }),
    );
  },
);

test('a stored key of a server that needs none is not sent to another host either', () => {
  const stored = { lab: { baseUrl: 'http://new.example/v1', key: 'sk', keyOrigin: 'http://old.example' } };
  const vendor = configured('lab', stored);
  expect(vendor.isKeyForOtherHost).toBe(true);
  expect(() => requireKeySource(vendor)).toThrow(expect.objectContaining({ code: 'key-for-other-host' }));
});

test('without a key the error names the variable and the command', () => {
  expect(() => requireKeySource(configured('mistral'))).toThrow(
    expect.objectContaining({
      kind: 'authentication',
      code: 'no-vendor-key',
      hints: expect.arrayContaining([expect.stringMatching(/MISTRAL_API_KEY.*orx vendors add mistral/)]),
    }),
  );
  expect(() => requireKeySource(configured('ollama'))).not.toThrow();
});

test('a custom vendor is any host of chat completions, or of the given dialect', () => {
  expect(configured('lab', { lab: { baseUrl: 'http://h/v1' } })).toMatchObject({
    name: 'lab',
    dialect: 'chat-completions',
    isCustom: true,
    isKeyOptional: true,
  });
  expect(configured('lab', { lab: { baseUrl: 'http://h', dialect: 'anthropic' } }).dialect).toBe('anthropic');
  expect(() => configured('lab')).toThrow(expect.objectContaining({ kind: 'no-endpoint', code: 'vendor-not-found' }));
  expect(() => configured('lab', { lab: { model: 'x' } })).toThrow(expect.objectContaining({ code: 'vendor-not-found' }));
  expect(() => configured('antropic')).toThrow(
    expect.objectContaining({ hints: expect.arrayContaining(['did you mean anthropic?']) }),
  );
});

test("local servers are in use only if configured; Ollama's cloud is not local", () => {
  expect(isInUse(configured('ollama'))).toBe(false);
  expect(isInUse(configured('ollama', {}, { OLLAMA_HOST: ':11434' }))).toBe(true);
  expect(isInUse(configured('lmstudio', { lmstudio: { baseUrl: 'http://localhost:1234' } }))).toBe(true);
  expect(configured('ollama', {}, { OLLAMA_HOST: '10.0.0.7' }).isLocal).toBe(true);
  expect(configured('ollama', {}, { OLLAMA_HOST: 'https://ollama.com' }).isLocal).toBe(false);
});

test('all vendors: those of the table first, then custom ones by name; a fault affects only its own', () => {
  const entries = readVendorEntries({ zoo: { baseUrl: 'http://z' }, lab: 5, 'no-address': { model: 'x' }, openai: { key: '' } });
  const vendors = configuredVendors(entries, { OLLAMA_HOST: 'my host', ANTHROPIC_API_KEY: 'sk' });
  expect(vendors.map(({ name }) => name)).toEqual([...VENDORS.map(({ name }) => name), 'lab', 'zoo']);
  expect(vendors.filter(({ fault }) => fault !== undefined).map(({ name }) => name)).toEqual(['openai', 'ollama', 'lab']);
  expect(vendors.filter(isInUse).map(({ name }) => name)).toEqual(['anthropic', 'zoo']);
  for (const vendor of vendors.filter(({ fault }) => fault !== undefined))
    expect(() => requireKeySource(vendor)).toThrow(expect.objectContaining({ kind: 'usage' }));
  expect(() => configureVendor('ollama', entries, { OLLAMA_HOST: 'my host' })).toThrow(/OLLAMA_HOST/);
});

test('a URL without TLS that leaves this machine is an error', () => {
  const at = (baseUrl: string): ConfiguredVendor =>
    configured('lab', { lab: { baseUrl, key: 'sk', keyOrigin: new URL(baseUrl).origin } });
  for (const url of ['https://far.example/v1', 'http://localhost:1/v1', 'http://127.0.0.1:1', 'http://[::1]:1'])
    expect(() => refuseReadable(at(url), false, isLoopback)).not.toThrow();
  expect(() => refuseReadable(at('http://far.example/v1'), false, isLoopback)).toThrow(/does not use TLS: key and prompts/);
  expect(() => refuseReadable(at('http://far.example/v1'), true, isLoopback)).not.toThrow();
});
