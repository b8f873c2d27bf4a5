import { expect, test } from 'vitest';
import { EMPTY_ANSWER } from '../../../src/core/answer/answer.ts';
import { createApprovals } from '../../../src/core/tools/approvals.ts';
import { runWithTools, type ToolTurn } from '../../../src/core/tools/run-with-tools.ts';
import { withWireNames } from '../../../src/core/tools/wire-names.ts';
import type { Message, ToolCall } from '../../../src/apis/message.ts';
import type { Tool } from '../../../src/tools/tool.ts';
import { virtualSleep } from '../../support/virtual-time.ts';

const tool = (label: string, call: Tool['call']): Tool => ({ label, description: '', parameters: {}, isReadOnly: false, call });

function turn(
  rounds: readonly (readonly ToolCall[])[],
  tools: readonly Tool[],
  more: Partial<ToolTurn> = {},
  finishReason = 'tool_calls',
) {
  const asked: (readonly Message[])[] = [];
  const parts: ToolTurn = {
    async ask(messages, choice) {
      asked.push(messages);
      const toolCalls = choice === 'none' ? [] : (rounds[asked.length - 1] ?? []);
      const text = `text ${asked.length}`;
      return {
        answer: {
          ...EMPTY_ANSWER,
          text,
          toolCalls,
          reasoningParts: [{ kind: 'text', text: String(asked.length) }],
          finishReason,
        },
      };
    },
    tools: withWireNames(tools),
    decide: async () => ({ type: 'run' }),
    limits: { timeoutMs: 1000, maxBytes: 1000, parallel: 2 },
    maxSteps: 3,
    onEvent: () => undefined,
    onUnsent: () => undefined,
    monotonic: () => 0,
    signal: new AbortController().signal,
    ...more,
  };
  return { asked, run: () => runWithTools([{ role: 'user', content: 'x' }], parts) };
}

test('calls run concurrently within the limit, results are sent back in the order of the calls', async () => {
  let [now, most] = [0, 0];
  const sleep = virtualSleep();
  const slow = tool('t', async ({ ms }) => {
    most = Math.max(most, (now += 1));
    await sleep(Number(ms));
    now -= 1;
    return { text: String(ms), isError: false };
  });
  const calls = [40, 5, 20, 1].map((ms, index) => ({ id: `c${index}`, name: 't', arguments: `{"ms":${ms}}` }));
  const { asked, run } = turn([calls], [slow]);
  const outcome = await run();
  expect(most).toBe(2);
  expect(asked[1]!.slice(2).map(({ content, toolCallId }) => [toolCallId, content])).toEqual([
    ['c0', '40'],
    ['c1', '5'],
    ['c2', '20'],
    ['c3', '1'],
  ]);
  expect(outcome.added.map(({ role }) => role)).toEqual(['assistant', 'tool', 'tool', 'tool', 'tool', 'assistant']);
  expect(asked[1]![1]).toMatchObject({ toolCalls: calls, reasoningParts: [{ kind: 'text', text: '1' }] });
});

test('repeated ids are made distinct, across rounds as well', async () => {
  const call = { id: 'call_0', name: 't', arguments: '' };
  const { run } = turn([[call, { ...call, id: '' }], [call]], [tool('t', async () => ({ text: 'ok', isError: false }))]);
  const ids = (await run()).added.flatMap(({ toolCallId }) => toolCallId ?? []);
  expect(new Set(ids).size).toBe(3);
});

test('after the last round the model answers without tools', async () => {
  const call = { id: 'a', name: 't', arguments: '{}' };
  const { asked, run } = turn(
    Array.from({ length: 9 }, () => [call]),
    [tool('t', async () => ({ text: '', isError: false }))],
  );
  expect(await run()).toMatchObject({ isCutShort: true, answer: { text: 'text 4' } });
  expect(asked).toHaveLength(4);
});

test('a stop gives every call a result, so that the conversation can continue', async () => {
  const decide = createApprovals({
    allowed: ['fast'],
    ask: async () => ({ type: 'stop' }),
  });
  const calls = ['fast', 'other'].map((name) => ({ id: name, name, arguments: '{}' }));
  const tools = ['fast', 'other'].map((label) => tool(label, async () => ({ text: 'ran', isError: false })));
  const unsent: Message[] = [];
  const onUnsent = (results: readonly Message[]): void => void unsent.push(...results);
  const outcome = await turn([calls], tools, { decide, onUnsent }).run();
  // Nothing has run yet, so there is no result to send.
  expect(unsent).toEqual([]);
  expect(outcome.error).toMatchObject({ kind: 'interrupted' });
  expect(outcome.added.map(({ role }) => role)).toEqual(['assistant', 'tool', 'tool']);
});

test('results of calls that ended before a stop are returned, together with those of the others', async () => {
  const stop = new AbortController();
  const tools = [
    tool('first', async () => ({ text: 'paid for', isError: false })),
    tool('second', async () => {
      stop.abort(new Error('stopped'));
      return { text: 'too late', isError: false };
    }),
  ];
  const calls = ['first', 'second', 'first'].map((name, index) => ({ id: `c${index}`, name, arguments: '{}' }));
  const unsent: Message[] = [];
  const limits = { timeoutMs: 1000, maxBytes: 1000, parallel: 1 };
  const onUnsent = (results: readonly Message[]): void => void unsent.push(...results);
  const outcome = await turn([calls], tools, { limits, signal: stop.signal, onUnsent }).run();
  expect(outcome.error).toMatchObject({ message: 'stopped' });
  expect(unsent).toEqual([
    { role: 'tool', content: 'paid for', toolCallId: 'c0' },
    { role: 'tool', content: 'stopped by the user', toolCallId: 'c1' },
    { role: 'tool', content: 'not run: the user stopped', toolCallId: 'c2' },
  ]);
});

test('a tool that throws is a result', async () => {
  const { asked, run } = turn(
    [[{ id: 'a', name: 't', arguments: '{}' }]],
    [
      tool('t', async () => {
        throw new Error('broken');
      }),
    ],
  );
  await run();
  expect(asked[1]!.at(-1)).toMatchObject({ content: 'failed: broken' });
});

test('calls that were cut off do not run; the second time in a row the turn ends', async () => {
  const ran: unknown[] = [];
  const calls = ['{"ms":1}', '{"m'].map((text, index) => ({ id: `c${index}`, name: 't', arguments: text }));
  const counted = tool('t', async (values) => ({ text: String(ran.push(values)), isError: false }));
  const { asked, run } = turn([calls, calls, calls], [counted], {}, 'length');
  const outcome = await run();
  expect(ran).toEqual([]);
  expect(asked).toHaveLength(2);
  expect(asked[1]!.slice(2).map(({ content }) => content)).toEqual(Array(2).fill(expect.stringContaining('cut off (length)')));
  expect(outcome.error).toMatchObject({
    code: 'tool-call-cut',
    hints: [{ shell: 'allow more tokens: --max-tokens N', session: 'allow more tokens: /params max-tokens N' }],
  });
  expect(outcome.added.map(({ role }) => role)).toEqual(['assistant', 'tool', 'tool', 'assistant', 'tool', 'tool']);
});

test('calls of an answer that failed or was stopped do not run', async () => {
  const ran: unknown[] = [];
  const counted = tool('t', async (values) => ({ text: String(ran.push(values)), isError: false }));
  const toolCalls = [{ id: 'a', name: 't', arguments: '{}' }];
  const error = new Error('the stream ended before');
  const failed = turn([], [counted], {
    ask: async () => ({ answer: { ...EMPTY_ANSWER, toolCalls, finishReason: 'tool_calls' }, error }),
  });
  expect(await failed.run()).toMatchObject({ error, added: [] });
  const stop = new AbortController();
  const stopped = turn([toolCalls], [counted], { signal: stop.signal });
  stop.abort(new Error('stopped'));
  expect((await stopped.run()).error).toMatchObject({ message: 'stopped' });
  expect(ran).toEqual([]);
});
