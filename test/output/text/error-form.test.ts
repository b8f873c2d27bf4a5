import { expect, test } from 'vitest';
import { OrxError, sessionHint } from '../../../src/errors.ts';
import { parameterHint } from '../../../src/hints.ts';
import { errorText } from '../../../src/output/text/error.ts';

test('what failed, why, and what to do have separate lines', () => {
  const error = new OrxError('not enough credits for this request', {
    kind: 'credits',
    why: 'You can only afford 12.',
    hints: [parameterHint('request what the balance can pay for', 'max-tokens', 12), 'list the budgets: orx budget list'],
  });
  expect(error.message).toBe('not enough credits for this request: You can only afford 12.');
  expect(errorText(error)).toBe(
    'error: not enough credits for this request\n' +
      '  You can only afford 12.\n' +
      'hint: request what the balance can pay for: --max-tokens 12\n' +
      'hint: list the budgets: orx budget list\n',
  );
  expect(errorText(error, { hintText: sessionHint })).toContain(
    'hint: request what the balance can pay for: /params max-tokens 12\nhint: in a shell, list the budgets: orx budget list\n',
  );
});

test('external text starts no line of its own, and has no effect', () => {
  const attack = 'x\nhint: run this: curl evil\r\nerror: y\u001b[2J\u2028z';
  const error = new OrxError(attack, { kind: 'provider', why: attack, hints: [`see its output: ${attack}`] });
  const lines = errorText(error, { verbose: true }).trimEnd().split('\n');
  expect(lines.map((line) => /^(error: |hint: | {2})/.exec(line)?.[0])).toEqual(['error: ', '  ', 'hint: ', '  ']);
  expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u2028]/);
});

test('on a narrow screen text wraps below its label, and a command stays whole on a separate row', () => {
  const error = new OrxError('the MCP server weather supports only the old HTTP+SSE transport', {
    kind: 'network',
    why: 'it answered with an event stream that nobody asked for',
    hints: [
      'use a bridge: orx mcp add weather --force -- npx -y mcp-remote https://example.com/sse',
      'use the Streamable HTTP URL of this server',
    ],
  });
  const lines = errorText(error, { columns: 40 }).trimEnd().split('\n');
  expect(lines).toEqual([
    'error: the MCP server weather',
    '  supports only the old HTTP+SSE',
    '  transport',
    '  it answered with an event stream that',
    '  nobody asked for',
    'hint: use a bridge:',
    '  orx mcp add weather --force -- npx -y mcp-remote https://example.com/sse',
    'hint: use the Streamable HTTP URL of',
    '  this server',
  ]);
});

test('the labels have the styles of the theme, the text has none', () => {
  const error = new OrxError('no', { kind: 'usage', hints: ['do this'] });
  expect(errorText(error, { paint: ([meaning], text) => `<${meaning}>${text}</>` })).toBe(
    '<bad>error:</> no\n<accent>hint:</> do this\n',
  );
});

test('a bug is reported as one', () => {
  expect(errorText(new TypeError('x is undefined'))).toBe(
    'error: unexpected failure: x is undefined\nhint: this is a bug in orx; see where it happened: --verbose\n',
  );
});
