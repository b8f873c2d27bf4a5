import { expect, test } from 'vitest';
import { OrxError } from '../../../src/errors.ts';
import { ollamaAddress } from '../../../src/core/vendors/ollama-address.ts';

// According to Ollama's own parser: envconfig.Host.
test.each([
  ['1.2.3.4', 'http://1.2.3.4:11434'],
  ['1.2.3.4:80', 'http://1.2.3.4:80'],
  [':8080', 'http://localhost:8080'],
  ['0.0.0.0', 'http://localhost:11434'],
  ['0.0.0.0:8080', 'http://localhost:8080'],
  ['http://0.0.0.0:8080', 'http://localhost:8080'],
  ['[::]', 'http://localhost:11434'],
  ['::', 'http://localhost:11434'],
  ['::1', 'http://[::1]:11434'],
  ['[::1]', 'http://[::1]:11434'],
  ['[::1]:443', 'http://[::1]:443'],
  ['example.com', 'http://example.com:11434'],
  ['example.com:56789', 'http://example.com:56789'],
  ['example.com/ollama', 'http://example.com:11434/ollama'],
  ['example.com:1/a/b/', 'http://example.com:1/a/b'],
  ['http://example.com', 'http://example.com'],
  ['https://example.com', 'https://example.com'],
  ['https://example.com:8443/ollama/', 'https://example.com:8443/ollama'],
  ['HTTPS://example.com', 'HTTPS://example.com'],
  ['ollama.com', 'https://ollama.com'],
  ['  "127.0.0.1:11434" ', 'http://127.0.0.1:11434'],
  ["'127.0.0.1'", 'http://127.0.0.1:11434'],
])('%s means %s', (text, url) => {
  expect(ollamaAddress(text)).toBe(url);
  expect(URL.canParse(url)).toBe(true);
});

test.each([
  'my host',
  'host:port',
  'host:99999',
  'unix:///run/ollama.sock',
  'http://user:secret@host',
  'host?key=1',
  'http://[::1',
])('%s is an error that lists the accepted forms', (text) => {
  let thrown: unknown;
  try {
    ollamaAddress(text);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(OrxError);
  expect(thrown).toMatchObject({ kind: 'usage', message: expect.stringContaining('OLLAMA_HOST') });
  expect((thrown as OrxError).message).not.toContain('secret');
});
