import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { tempFolder } from './temp-home.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR42mN40WmDFTEMLQkAEz5rQftw/egAAAAASUVORK5CYII=',
  'base64',
);

export const WIRE_FILES = {
  'a.md': 'file text',
  'a.png': PNG,
  'brief.txt': 'Be brief.\n',
  'long.txt': 'Be long.\n',
  'one.md': '---\nsystem: You are one.\n---\nFirst: {{input}}',
  'two.md': 'Second: {{input}} {{what}}',
};

/** Appends a word to the prompt. */
export const EDITOR_SCRIPT = `${process.execPath} -e require('fs').appendFileSync(process.argv[1],String.fromCharCode(32)+'edited')`;

/** The flags of a prompt, a parameter or routing, and what they change in the body of a request with the prompt `hi`. */
export const WIRE_FLAGS: Readonly<Record<string, { args: string[]; body: object }>> = {
  '--system': { args: ['-s', 'Be brief.'], body: { messages: [{ role: 'system', content: 'Be brief.' }, expect.anything()] } },
  '--no-stream': { args: ['--no-stream'], body: { stream: false } },
  '--file': { args: ['-f', 'a.md'], body: { messages: [{ content: 'a.md:\n```\nfile text\n```\n\nhi' }] } },
  '--attach': { args: ['-a', 'a.png'], body: { messages: [{ content: [{ type: 'text' }, { type: 'image_url' }] }] } },
  '--editor': { args: ['-e'], body: { messages: [{ content: 'hi edited' }] } },
  '--template': {
    args: ['-t', './one.md'],
    body: { messages: [{ role: 'system', content: 'You are one.' }, { content: 'First: hi' }] },
  },
  '--param': { args: ['-t', './two.md', '-p', 'what=value'], body: { messages: [{ content: 'Second: hi value' }] } },
  '--schema': { args: ['--schema', 'name, age int'], body: { response_format: { type: 'json_schema' } } },
  '--option': { args: ['-O', 'user=someone'], body: { user: 'someone' } },
  '--temperature': { args: ['--temperature', '0.5'], body: { temperature: 0.5 } },
  '--max-tokens': { args: ['--max-tokens', '50'], body: { max_tokens: 50 } },
  '--top-p': { args: ['--top-p', '0.5'], body: { top_p: 0.5 } },
  '--top-k': { args: ['--top-k', '5'], body: { top_k: 5 } },
  '--min-p': { args: ['--min-p', '0.1'], body: { min_p: 0.1 } },
  '--top-a': { args: ['--top-a', '0.1'], body: { top_a: 0.1 } },
  '--frequency-penalty': { args: ['--frequency-penalty', '1'], body: { frequency_penalty: 1 } },
  '--presence-penalty': { args: ['--presence-penalty', '1'], body: { presence_penalty: 1 } },
  '--repetition-penalty': { args: ['--repetition-penalty', '1.1'], body: { repetition_penalty: 1.1 } },
  '--seed': { args: ['--seed', '7'], body: { seed: 7 } },
  '--stop': { args: ['--stop', 'END'], body: { stop: ['END'] } },
  '--logit-bias': { args: ['--logit-bias', '5=-1'], body: { logit_bias: { 5: -1 } } },
  '--effort': { args: ['--effort', 'low'], body: { reasoning: { effort: 'low' } } },
  '--reasoning-tokens': { args: ['--reasoning-tokens', '500'], body: { reasoning: { max_tokens: 500 } } },
  '--exclude-reasoning': { args: ['--exclude-reasoning'], body: { reasoning: { exclude: true } } },
  '--verbosity': { args: ['--verbosity', 'low'], body: { verbosity: 'low' } },
  '--modalities': { args: ['--modalities', 'text,image'], body: { modalities: ['text', 'image'] } },
  '--voice': { args: ['--voice', 'alloy', '--modalities', 'text,audio'], body: { audio: { voice: 'alloy' } } },
  '--audio-format': {
    args: ['--audio-format', 'wav', '--voice', 'alloy', '--modalities', 'text,audio'],
    body: { audio: { format: 'wav' } },
  },
  '--service-tier': { args: ['--service-tier', 'flex'], body: { service_tier: 'flex' } },
  '--fallback': { args: ['--fallback', 'c/three'], body: { models: ['c/three'] } },
  '--provider': { args: ['--provider', 'Novita'], body: { provider: { order: ['Novita'] } } },
  '--only': { args: ['--only', 'Novita'], body: { provider: { only: ['Novita'] } } },
  '--ignore': { args: ['--ignore', 'Novita'], body: { provider: { ignore: ['Novita'] } } },
  '--no-provider-fallbacks': { args: ['--no-provider-fallbacks'], body: { provider: { allow_fallbacks: false } } },
  '--route-by': { args: ['--route-by', 'price'], body: { provider: { sort: 'price' } } },
  '--max-price': { args: ['--max-price', '1,2'], body: { provider: { max_price: { prompt: '1', completion: '2' } } } },
  '--quantization': { args: ['--quantization', 'fp8'], body: { provider: { quantizations: ['fp8'] } } },
  '--min-throughput': { args: ['--min-throughput', '50'], body: { provider: { preferred_min_throughput: 50 } } },
  '--max-latency': { args: ['--max-latency', '0.5'], body: { provider: { preferred_max_latency: 0.5 } } },
  '--require-parameters': { args: ['--require-parameters'], body: { provider: { require_parameters: true } } },
  '--data-policy': { args: ['--data-policy', 'strict'], body: { provider: { data_collection: 'deny', zdr: true } } },
  '--zdr': { args: ['--zdr'], body: { provider: { zdr: true } } },
};
/** Flags of the same groups that change no request. */
export const FLAGS_WITHOUT_WIRE = ['--allow-data-collection', '--allow-private', '--strict-model'];

/** Returns a new home with the files that the flags name. */
export function homeWithFiles(more: Readonly<Record<string, string>> = {}): string {
  const home = tempFolder();
  for (const [name, content] of Object.entries({ ...WIRE_FILES, ...more })) {
    mkdirSync(join(home, name, '..'), { recursive: true });
    writeFileSync(join(home, name), content);
  }
  return home;
}
