import { describe, expect, test } from 'vitest';
import { settingText } from '../../../src/core/settings/setting-text.ts';
import { SETTING_KEYS, SETTINGS, type SettingKey } from '../../../src/core/settings/settings.ts';
import type { SettingSpec } from '../../../src/core/settings/spec.ts';
import { joinStops, stopSequences } from '../../../src/core/settings/wire-parameters.ts';
import { OrxError } from '../../../src/errors.ts';

type Cases = { good: readonly (readonly [text: string, value: unknown])[]; bad: readonly string[] };

const words = (key: string): Cases => ({ good: [[`some ${key}`, `some ${key}`]], bad: ['', '   '] });
const switches: Cases = {
  good: [
    ['true', true],
    ['1', true],
    ['yes', true],
    [' ON ', true],
    ['false', false],
    ['0', false],
    ['no', false],
    ['off', false],
  ],
  bad: ['maybe', '2', 'truely'],
};
const lists: Cases = {
  good: [
    ['a', ['a']],
    ['a,b', ['a', 'b']],
    [' a , ,b,', ['a', 'b']],
  ],
  bad: ['', ' , '],
};
const seconds: Cases = {
  good: [
    ['0.1', 0.1],
    ['60', 60],
    ['3600', 3600],
    ['1e2', 100],
  ],
  bad: ['', '0', '-1', '3601', 'NaN', 'Infinity', '0x10', '1 0', 'ten'],
};
const headers: Cases = {
  good: [
    ['My app', 'My app'],
    [' padded ', 'padded'],
  ],
  bad: ['', ' ', 'a\nb', 'a\r\nX-Evil: 1', 'caf\u00e9', '\u001b[31m'],
};

const shares: Cases = {
  good: [
    ['0', 0],
    ['0.95', 0.95],
    ['1', 1],
  ],
  bad: ['', '-0.1', '1.1', 'some'],
};
const penalties: Cases = {
  good: [
    ['-2', -2],
    ['0.5', 0.5],
    ['2', 2],
  ],
  bad: ['', '-2.1', '3', 'much'],
};
/** Accepts one of these words and nothing else. */
const oneWord = (...choices: readonly string[]): Cases => ({
  good: choices.map((word) => [` ${word} `, word]),
  bad: ['', 'very much', choices[0]!.toUpperCase(), `${choices[0]}x`, 'a"b', choices.slice(0, 2).join(',')],
});
const positive: Cases = {
  good: [
    ['1', 1],
    ['2e3', 2000],
  ],
  bad: ['', '0', '-1', '1.5', 'few'],
};

const CASES: Record<SettingKey, Cases> = {
  'key-command': {
    good: [
      [' pass show openrouter ', 'pass show openrouter'],
      [`op read 'op://Private/Open Router/key'`, `op read 'op://Private/Open Router/key'`],
    ],
    bad: ['', ' ', `pass 'show`, 'pass "show', `''`],
  },
  'api-key': {
    good: [
      ['sk-or-v1-abc', 'sk-or-v1-abc'],
      [' sk-or-v1-abc\n', 'sk-or-v1-abc'],
    ],
    bad: ['', ' \n', 'two words', 'line\nbreak', 'k\u00e9y', '\u001b[200~sk', 'a\u0000b'],
  },
  'base-url': {
    good: [
      ['https://openrouter.ai/api/v1', 'https://openrouter.ai/api/v1'],
      ['http://127.0.0.1:8080/v1//', 'http://127.0.0.1:8080/v1'],
      [' https://eu.openrouter.ai/api/v1 ', 'https://eu.openrouter.ai/api/v1'],
    ],
    bad: [
      '',
      'openrouter.ai',
      'ftp://host/',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'https://user:word@host/',
      'https://host/?a=1',
      'https://host/#a',
    ],
  },
  'confirm-above': {
    good: [
      ['1', '1'],
      [' $0.50 ', '0.50'],
      ['0', '0'],
    ],
    bad: ['', '-1', '1e3', 'much', '1,5'],
  },
  'allow-http': switches,
  proxy: {
    good: [
      ['http://proxy:3128', 'http://proxy:3128'],
      ['socks5://u:p@host:1080', 'socks5://u:p@host:1080'],
    ],
    bad: ['', 'proxy:3128', 'ftp://proxy', '3128'],
  },
  sandbox: switches,
  model: words('model'),
  system: words('system prompt'),
  temperature: {
    good: [
      ['0', 0],
      ['0.7', 0.7],
      ['.5', 0.5],
      ['2', 2],
    ],
    bad: ['', '-0.1', '2.1', 'hot', '0x1', 'Infinity', '1,5'],
  },
  'max-tokens': {
    good: [
      ['1', 1],
      ['4096', 4096],
      ['1e3', 1000],
    ],
    bad: ['', '0', '-5', '1.5', '0x10', 'many', '99999999999999999999'],
  },
  'top-p': shares,
  'top-k': {
    good: [
      ['0', 0],
      ['40', 40],
    ],
    bad: ['', '-1', '0.5'],
  },
  'min-p': shares,
  'top-a': shares,
  'frequency-penalty': penalties,
  'presence-penalty': penalties,
  'repetition-penalty': {
    good: [
      ['0', 0],
      ['1.1', 1.1],
    ],
    bad: ['', '-0.1', '2.1'],
  },
  seed: {
    good: [
      ['0', 0],
      ['-7', -7],
    ],
    bad: ['', '0.5', 'dice'],
  },
  stop: {
    good: [
      ['END', 'END'],
      ['a,b', 'a,b'],
      [' ', ' '],
      ['["a","b,c"]', '["a","b,c"]'],
    ],
    bad: ['', '[]', '["a",5]', '["a"', '[""]', '["a","b","c","d","e"]'],
  },
  'logit-bias': {
    good: [
      ['50256=-100', ['50256=-100']],
      ['1=0.5, 2 = 3', ['1=0.5', '2 = 3']],
    ],
    bad: ['', '1', 'the=5', '1=101', '1=', '1=2,'],
  },
  effort: oneWord('none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'),
  'reasoning-tokens': positive,
  'exclude-reasoning': switches,
  verbosity: oneWord('low', 'medium', 'high', 'xhigh', 'max'),
  modalities: {
    good: [
      ['text', ['text']],
      [' image , text,', ['image', 'text']],
      ['audio', ['audio']],
    ],
    bad: ['', ',', 'txt', 'text,imge', 'Text'],
  },
  voice: words('voice'),
  'audio-format': oneWord('pcm16', 'wav', 'mp3', 'flac', 'opus'),
  'service-tier': oneWord('auto', 'default', 'flex', 'priority', 'fast', 'scale'),
  stream: switches,
  fallback: lists,
  provider: lists,
  only: lists,
  ignore: lists,
  'provider-fallbacks': switches,
  'route-by': {
    good: [
      ['price', 'price'],
      ['throughput', 'throughput'],
      [' latency ', 'latency'],
    ],
    bad: ['', 'Price', 'speed'],
  },
  'max-price': {
    good: [
      ['0.5,1.5', { prompt: '0.5', completion: '1.5' }],
      [' 1 , 2 ', { prompt: '1', completion: '2' }],
      ['0.0000001,0', { prompt: '0.0000001', completion: '0' }],
    ],
    bad: ['', '1', '1,2,3', '-1,2', '1e-7,1', 'a,b', '1,', ',1'],
  },
  quantization: {
    good: [
      ['fp8,bf16', ['fp8', 'bf16']],
      ['unknown', ['unknown']],
      ['mxfp4, nvfp4', ['mxfp4', 'nvfp4']],
    ],
    bad: ['', 'fp9', 'fp8,q4', 'FP8'],
  },
  'data-policy': {
    good: [
      ['strict', 'strict'],
      ['standard', 'standard'],
    ],
    bad: ['', 'none', 'STRICT'],
  },
  zdr: switches,
  'min-throughput': {
    good: [
      ['50', 50],
      ['0.5', 0.5],
      ['0', 0],
    ],
    bad: ['-1', 'fast', '', '1e9'],
  },
  'max-latency': {
    good: [
      ['1.5', 1.5],
      ['3600', 3600],
    ],
    bad: ['-1', 'soon', '', '3601'],
  },
  'require-parameters': switches,
  'fallback-local': switches,
  restart: switches,
  'allow-data-collection': switches,
  'strict-model': switches,
  profile: {
    good: [
      ['work', 'work'],
      [' client a/2026 ', 'client a/2026'],
      ['büro', 'büro'],
    ],
    bad: ['', ' ', '-x', 'a\nb', '\u001b[31m', 'a'.repeat(65), 'a*'],
  },
  'project-file': switches,
  ledger: switches,
  history: switches,
  'prompt-cache': switches,
  markdown: switches,
  theme: {
    good: [
      ['auto', 'auto'],
      [' none ', 'none'],
    ],
    bad: ['', 'Dark', 'solarized'],
  },
  'screen-reader': switches,
  'app-url': headers,
  'app-title': headers,
  'app-categories': {
    good: [
      ['cli-agent', 'cli-agent'],
      [' cli-agent , general-chat,', 'cli-agent,general-chat'],
      [`${'x'.repeat(30)},3d`, `${'x'.repeat(30)},3d`],
    ],
    bad: ['', ' , ', 'a,b,c', 'x'.repeat(31), 'CLI-Agent', 'two words', 'a_b', 'a\r\nX-Evil: 1', 'caf\u00e9'],
  },
  width: {
    good: [
      ['20', 20],
      ['1000', 1000],
    ],
    bad: ['', '19', '1001', '80.5', 'wide'],
  },
  blend: {
    good: [
      ['3:1', '3:1'],
      [' 1 : 0 ', '1:0'],
      ['0.7:0.3', '0.7:0.3'],
    ],
    bad: ['', '3', '0:0', '3:1:1', '-1:2', '1e3:1', 'a:b', '3/1', '1234567:1'],
  },
  aliases: {
    good: [
      ['fast=deepseek/deepseek-chat', { fast: 'deepseek/deepseek-chat' }],
      [' Best = a/b:free , x.1_y-z=c@preset/d,', { best: 'a/b:free', 'x.1_y-z': 'c@preset/d' }],
      ['prompt=a/b,completion=c/d', { prompt: 'a/b', completion: 'c/d' }],
    ],
    bad: ['', 'fast', '=a/b', 'fast=', 'a/b=c/d', '__proto__=a/b', 'a b=c/d', `${'x'.repeat(41)}=a/b`, '\u001b[31m=a/b'],
  },
  favorites: lists,
  'connect-timeout': seconds,
  'first-byte-timeout': seconds,
  'idle-timeout': seconds,
  'ca-cert': words('ca-cert'),
  'client-cert': words('client-cert'),
  'client-key': words('client-key'),
  'stall-timeout': {
    good: [
      ['0.1', 0.1],
      ['86400', 86_400],
    ],
    bad: ['', '0', '86401', 'soon'],
  },
  'retry-max-time': {
    good: [
      ['0', 0],
      ['2.5', 2.5],
      ['86400', 86_400],
    ],
    bad: ['', '-1', '86401', 'soon'],
  },
  pacing: switches,
  'allow-tools': { good: [['weather:*, git_log', ['weather:*', 'git_log']]], bad: ['', ','] },
  'max-steps': {
    good: [
      ['1', 1],
      ['25', 25],
    ],
    bad: ['0', '1.5', 'many', ''],
  },
  'tool-timeout': {
    good: [
      ['0.5', 0.5],
      ['60', 60],
    ],
    bad: ['0', 'long', ''],
  },
  'tool-output': { good: [['100', 100]], bad: ['10', '1k', ''] },
  keychain: switches,
  headers: {
    good: [
      ['X-Team: search', [{ name: 'X-Team', value: 'search' }]],
      ['x-a:b: c', [{ name: 'x-a', value: 'b: c' }]],
      ['X-Empty:', [{ name: 'X-Empty', value: '' }]],
      [
        '["A: 1","B:  2 "]',
        [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
      ],
    ],
    bad: ['', 'X-Team', ': a', 'X Team: a', 'X-A: a\r\nHost: b', 'X-A: a\nb', 'X-A: \0', 'X-A: €', '["A: 1",2]', '[', 'Host: a'],
  },
  retries: {
    good: [
      ['0', 0],
      ['10', 10],
    ],
    bad: ['', '-1', '11', '1.5', 'often'],
  },
};

describe.each(SETTING_KEYS)('%s', (key) => {
  const spec = SETTINGS[key] as SettingSpec<unknown>;

  test.each(CASES[key].good)('reads %j', (text, value) => {
    expect(spec.parse(text)).toEqual(value);
  });

  // Headers are never shown with their values.
  test.each(key === 'headers' ? [] : CASES[key].good)('the parsed value of %j, as text, parses to the same again', (text) => {
    const value = spec.parse(text);
    expect(spec.parse(settingText(value))).toEqual(value);
  });

  test.each(CASES[key].bad)('rejects %j with a usage error', (text) => {
    const error = caught(() => spec.parse(text));
    expect(error).toBeInstanceOf(OrxError);
    expect(error).toMatchObject({ kind: 'usage' });
  });
});

test.each(SETTING_KEYS.filter((key) => 'default' in SETTINGS[key]))('the default of %s is a valid value', (key) => {
  const spec = SETTINGS[key] as SettingSpec<unknown>;
  expect(spec.parse(settingText(spec.default))).toEqual(spec.default);
});

test('several stops become one text, in any mixture of both forms', () => {
  expect(joinStops('A', 'B')).toBe('["A","B"]');
  expect(stopSequences(joinStops(joinStops('A', '["B","C"]'), '\n'))).toEqual(['A', 'B', 'C', '\n']);
  expect(() => joinStops('A', '[D')).toThrow('JSON list');
  expect(() => joinStops('A', '')).toThrow('stop is empty');
});

test('a rejected key and a password in a URL are not repeated', () => {
  expect(String(caught(() => SETTINGS['api-key'].parse('sk-or-v1-secret secret')))).not.toContain('secret');
  expect(String(caught(() => SETTINGS['base-url'].parse('https://me:hunter2@host/')))).not.toContain('hunter2');
  expect(String(caught(() => SETTINGS['base-url'].parse('ftp://me:hun/ter2@host/')))).not.toMatch(/hun|ter2/);
  expect(String(caught(() => SETTINGS.proxy.parse('ftp://me:hunter2@host/')))).not.toContain('hunter2');
});

function caught(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

test.each([
  ['effort', 'hgh', 'high'],
  ['effort', 'med', 'medium'],
  ['verbosity', 'HIGH', 'high'],
  ['service-tier', 'prio', 'priority'],
  ['modalities', 'text,imge', 'image'],
  ['audio-format', 'pcm', 'pcm16'],
  ['route-by', 'latancy', 'latency'],
  ['data-policy', 'Strict', 'strict'],
  ['quantization', 'fp-8', 'fp8'],
  ['theme', 'drak', 'dark'],
] as const)('%s %s: the nearest word is %s', (key, text, near) => {
  expect(() => SETTINGS[key].parse(text)).toThrow(expect.objectContaining({ hints: [`did you mean ${near}?`] }) as Error);
});

test('text unlike any word gets only the list', () => {
  expect(() => SETTINGS.effort.parse('????????')).toThrow(expect.objectContaining({ hints: [] }) as Error);
});
