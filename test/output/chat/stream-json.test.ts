import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { showCall } from '../../../src/commands/turn/show-calls.ts';
import type { RunTools } from '../../../src/commands/tools/open.ts';
import { EMPTY_ANSWER } from '../../../src/core/answer/answer.ts';
import type { FinishedCall } from '../../../src/core/tools/run-calls.ts';
import { OrxError } from '../../../src/errors.ts';
import { answerView } from '../../../src/output/chat/answer-view.ts';
import type { CompletionEvent } from '../../../src/apis/completion.ts';

/** One event of every type: a new type must be added here, and to the documentation if it is printed as a line. */
const EVENTS: { readonly [Type in CompletionEvent['type']]: Extract<CompletionEvent, { type: Type }> } = {
  heartbeat: { type: 'heartbeat' },
  retry: { type: 'retry', attempt: 1, error: new OrxError('busy', { kind: 'provider' }), waitMs: 500 },
  waiting: { type: 'waiting', waitMs: 500 },
  dropped: { type: 'dropped', text: 'seed: no such parameter' },
  fallback: { type: 'fallback', model: 'a/b', next: 'c:d', error: new OrxError('down', { kind: 'network' }) },
  cached: { type: 'cached', ageMs: 1 },
  'response-start': { type: 'response-start', id: 'gen-1', model: 'a/b' },
  chunk: { type: 'chunk', data: '{}' },
  'reasoning-delta': { type: 'reasoning-delta', text: 'r' },
  'reasoning-parts': { type: 'reasoning-parts', parts: [] },
  'text-delta': { type: 'text-delta', text: 't' },
  'tool-call-delta': { type: 'tool-call-delta', index: 0, arguments: '{}' },
  image: { type: 'image', url: 'data:image/png;base64,AA==' },
  audio: { type: 'audio', data: 'AA==' },
  annotation: { type: 'annotation', annotation: { kind: 'other', apiData: { openrouter: { type: 'x' } } } },
  routing: { type: 'routing', attempts: [] },
  usage: { type: 'usage', usage: { promptTokens: 1, completionTokens: 1, totalTokens: 2, wire: {} } },
  metrics: { type: 'metrics', metrics: { durationMs: 1 } },
  'response-end': { type: 'response-end' },
};

interface Row {
  type: string;
  fields: readonly string[];
}

/** Returns the table of docs/output.md. */
function documented(): Row[] {
  const page = readFileSync(new URL('../../../docs/output.md', import.meta.url), 'utf8');
  const section = page.slice(page.indexOf('## `orx chat -o stream-json`'), page.indexOf('## The others'));
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `') && !line.startsWith('| `type`'))
    .map((line) => {
      const [, type = '', fields = ''] = line.split('|');
      return { type: type.trim().replaceAll('`', ''), fields: fields.replaceAll(/\(.*?\)/g, '').match(/`\w+`/g) ?? [] };
    });
}

const TOOLS: RunTools = {
  offered: [],
  requestTools: [],
  decide: () => Promise.reject(new Error('nobody asks here')),
  limits: { timeoutMs: 1, maxBytes: 1, parallel: 1 },
  maxSteps: 1,
  asks: () => false,
  canAsk: false,
};
const CALL: FinishedCall = {
  call: { id: 'call-1', name: 'f', arguments: '{}' },
  label: 'f',
  values: {},
  state: 'done',
  text: 'well',
  durationMs: 1,
};

test('the documentation names exactly the line types and their fields', async () => {
  const stdout = new PassThrough();
  const view = answerView('stream-json', stdout, 'a/b', () => 'session');
  for (const event of Object.values(EVENTS)) await view.see(event);
  showCall({ type: 'end', call: CALL }, TOOLS, {
    print: () => undefined,
    showsResults: false,
    writeJson: (line) => void stdout.write(line),
  });
  await view.end({ answer: EMPTY_ANSWER });
  const lines = (stdout.read() as Buffer)
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string });
  const rows = documented();
  expect(rows.map(({ type }) => type).toSorted()).toEqual(lines.map(({ type }) => type).toSorted());
  for (const line of lines.filter(({ type }) => type !== 'result')) {
    const { fields } = rows.find(({ type }) => type === line.type)!;
    const written = Object.keys(line).filter((field) => field !== 'type');
    expect(fields.map((field) => field.replaceAll('`', ''))).toEqual(written);
  }
  expect(lines.at(-1)?.type).toBe('result');
});
