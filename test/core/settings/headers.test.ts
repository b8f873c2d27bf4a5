import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandLayers } from '../../../src/core/settings/command-layers.ts';
import { headersFor, storedWith, unsentHeaders } from '../../../src/core/settings/headers/extra-headers.ts';
import { joinHeaders } from '../../../src/core/settings/headers/header-line.ts';
import { DEFAULTS } from '../../../src/core/settings/layers.ts';
import { resolve } from '../../../src/core/settings/resolve.ts';
import { settingRow, settingRows } from '../../../src/core/settings/rows.ts';
import { type ResolvedSettings, SETTINGS } from '../../../src/core/settings/settings.ts';
import { profileSettings } from '../../../src/output/setup/profile-table.ts';

const GATEWAY = 'https://gateway.example';
const SECRET = 'a-secret-of-the-gateway';
const mask = (): string => '…';

interface Given {
  flags?: Record<string, unknown>;
  env?: Record<string, string>;
  file?: Record<string, unknown>;
}

function resolved({ flags = {}, env = {}, file = {} }: Given): ResolvedSettings {
  return resolve([...commandLayers({ flags, env, file, runKeyCommand: () => '', readKeychain: () => '' }), DEFAULTS]);
}

const sent = (given: Given): unknown => headersFor(resolved(given).values);

describe('which server gets a header', () => {
  test('that of a flag: the base URL in force', () => {
    const flags = { headers: joinHeaders('X-A: 1', 'X-B: 2') };
    expect(sent({ flags })).toEqual({ 'x-a': '1', 'x-b': '2' });
    expect(sent({ flags: { ...flags, 'base-url': GATEWAY } })).toEqual({ 'x-a': '1', 'x-b': '2' });
    expect(resolved({ flags }).sources.headers).toEqual({ source: 'flag' });
  });

  test('that of the environment: the base URL of the environment or the file, not one of a flag', () => {
    const env = { ORX_HEADERS: '["X-A: 1","X-B: 2"]' };
    expect(sent({ env })).toEqual({ 'x-a': '1', 'x-b': '2' });
    expect(sent({ env: { ...env, OPENROUTER_BASE_URL: GATEWAY } })).toEqual({ 'x-a': '1', 'x-b': '2' });
    expect(sent({ env, flags: { 'base-url': GATEWAY } })).toEqual({});
    expect(sent({ env, flags: { 'base-url': 'https://openrouter.ai/other' } })).toEqual({ 'x-a': '1', 'x-b': '2' });
  });

  test.each([
    ['https://gateway.example/api/v1', true],
    ['https://gateway.example:443/v2', true],
    ['https://gateway.example:8443/api/v1', false],
    ['http://gateway.example/api/v1', false],
    ['https://gateway.example.org/api/v1', false],
    ['https://openrouter.ai/api/v1', false],
  ])('a stored one, with the base URL %s: %s', (url, isSent) => {
    const file = { headers: { [GATEWAY]: { 'X-A': '1' } }, 'base-url': url };
    expect(sent({ file })).toEqual(isSent ? { 'x-a': '1' } : {});
    expect(unsentHeaders(resolved({ file }).values)).toBe(
      isSent ? undefined : `the headers for ${GATEWAY} are not sent to ${new URL(url).origin}`,
    );
  });

  test('not the sandbox', () => {
    const flags = { headers: 'X-A: 1', sandbox: true };
    expect(sent({ flags })).toEqual({});
    expect(unsentHeaders(resolved({ flags }).values)).toBeUndefined();
  });

  test('stored headers of several servers stay apart', () => {
    const first = storedWith(undefined, [{ name: 'X-A', value: '1' }], GATEWAY);
    const second = storedWith(first, [{ name: 'X-B', value: '2' }], 'https://other.example');
    expect(storedWith(second, [{ name: 'X-C', value: '3' }], GATEWAY)).toEqual({
      [GATEWAY]: { 'X-C': '3' },
      'https://other.example': { 'X-B': '2' },
    });
    expect(sent({ file: { headers: second, 'base-url': `${GATEWAY}/api` } })).toEqual({ 'x-a': '1' });
    expect(sent({ file: { headers: second, 'base-url': 'https://other.example' } })).toEqual({ 'x-b': '2' });
  });
});

describe('headers of several sources', () => {
  const file = {
    'base-url': GATEWAY,
    headers: { [GATEWAY]: { 'X-A': 'file', 'X-B': 'file', 'X-C': 'file' } },
    profiles: { work: { headers: { [GATEWAY]: { 'x-b': 'profile', 'X-C': '' } } } },
  };

  test('all apply; of the same name, the higher source wins, and an empty value is not sent', () => {
    expect(sent({ file })).toEqual({ 'x-a': 'file', 'x-b': 'file', 'x-c': 'file' });
    expect(sent({ file, flags: { profile: 'work' } })).toEqual({ 'x-a': 'file', 'x-b': 'profile' });
    expect(sent({ file, env: { ORX_HEADERS: 'X-A: env' }, flags: { headers: 'X-D: flag', profile: 'work' } })).toEqual({
      'x-a': 'env',
      'x-b': 'profile',
      'x-d': 'flag',
    });
  });

  test('a profile with another base URL does not send the stored ones', () => {
    const other = { ...file, profiles: { lab: { 'base-url': 'https://lab.example' } } };
    expect(sent({ file: other, flags: { profile: 'lab' } })).toEqual({});
  });
});

describe('values are never shown', () => {
  const flags = { headers: `X-Token: ${SECRET}` };

  test('in a list, not even of an invalid value', () => {
    expect(settingRow(resolved({ flags }), 'headers', mask)).toEqual({
      key: 'headers',
      value: ['X-Token: (hidden) for https://openrouter.ai'],
      source: 'flag',
    });
    const file = { headers: { [GATEWAY]: { Host: SECRET } } };
    const row = settingRows(resolved({ file }), mask).find(({ key }) => key === 'headers');
    expect(row).toMatchObject({
      value: '(hidden)',
      source: 'file',
      error: expect.stringContaining('orx sets it for the connection'),
    });
    expect(JSON.stringify(row)).not.toContain(SECRET);
    expect(profileSettings(file, mask)).toEqual([{ key: 'headers', value: '(hidden)' }]);
  });

  test.each([
    'authorization',
    'Content-Length',
    'HOST',
    'transfer-encoding',
    'Connection',
    'proxy-authorization',
    'X-Title',
    'HTTP-Referer',
    'X-OpenRouter-Categories',
    'user-agent',
    'Accept',
  ])('%s is refused with the reason, without the value', (name) => {
    expect(() => resolved({ flags: { headers: `${name}: ${SECRET}` } })).toThrow(
      expect.objectContaining({
        kind: 'usage',
        message: expect.stringMatching(new RegExp(`^the header ${name} cannot be set: .+ \\(flag --header\\)$`)),
      }),
    );
    expect(() => resolved({ flags: { headers: `${name}: ${SECRET}` } })).not.toThrow(expect.stringContaining(SECRET));
  });

  test.each([
    [{ 'X-A': SECRET }],
    [[`X-A: ${SECRET}`]],
    [`X-A: ${SECRET}`],
    [{ [GATEWAY]: { 'X-A': 1, 'X-B': SECRET } }],
    [{ 'ftp://a': { 'X-A': SECRET } }],
    [{ [GATEWAY]: { 'X-A': `${SECRET}\r\nX-B: 2` } }],
  ])('a file edited by hand with %j is an error', (headers) => {
    const { values } = resolved({ file: { headers } });
    expect(() => values.headers).toThrow(
      expect.objectContaining({
        kind: 'usage',
        message: expect.not.stringContaining(SECRET),
        hints: expect.arrayContaining(['remove it: orx config unset headers']),
      }),
    );
  });
});

test('no accepted text can add another header, whatever it contains', () => {
  const piece = fc.oneof(fc.string(), fc.constantFrom('\r', '\n', '\0', ':', 'Host', 'X-A: b', '\u2028', '["A: 1"]', 'é'));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      let headers: readonly { name: string; value: string }[];
      try {
        headers = SETTINGS.headers.parse(pieces.join(''));
      } catch {
        return;
      }
      for (const { name, value } of headers) {
        expect(name).toMatch(/^[!#$%&'*+.^_`|~\w-]+$/);
        expect(value).toMatch(/^[\t\u0020-\u007e\u00a0-\u00ff]*$/);
        expect(['host', 'authorization', 'content-length']).not.toContain(name.toLowerCase());
      }
    }),
  );
});
