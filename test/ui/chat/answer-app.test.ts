import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import type { CompletionEvent } from '../../../src/apis/completion.ts';
import { showLiveAnswer } from '../../../src/ui/chat/answer-app.tsx';
import { NO_COLOR } from '../../support/markdown-screen.ts';

const END: CompletionEvent = { type: 'response-end', finishReason: 'stop' } as CompletionEvent;

/** Draws to a stream that says it is a terminal. */
function openAnswer() {
  const stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24, getWindowSize: () => [80, 24] });
  let written = '';
  stdout.on('data', (piece: Buffer) => (written += piece.toString()));
  let now = 0;
  /** What has happened to the process, in order. */
  const calls: string[] = [];
  const answer = showLiveAnswer({
    stdout: stdout as unknown as NodeJS.WriteStream,
    stdin: new PassThrough() as unknown as NodeJS.ReadStream,
    model: 'a/model',
    // No frame waits for the one before.
    monotonic: () => (now += 100),
    showReasoning: false,
    theme: NO_COLOR,
    isMarkdown: true,
    prose: 80,
    drawLong() {
      calls.push('long');
      return () => calls.push('short');
    },
  });
  const see = async (event: CompletionEvent): Promise<void> => void (await answer.see(event));
  const showWords = async (count: number): Promise<void> => {
    for (let index = 0; index < count; index += 1) {
      const word = `word${index}`;
      await see({ type: 'text-delta', text: `${word} ` });
      await vi.waitFor(() => expect(written).toContain(word), { interval: 2 });
    }
  };
  return { answer, see, showWords, calls, stdout, written: () => written };
}

test('the process is prepared for a long answer while it is drawn, not for a short one or after the end', async () => {
  const { answer, see, showWords, calls } = openAnswer();
  await see({ type: 'response-start', id: 'gen-1', model: 'a/model' });
  await showWords(3);
  expect(calls).toEqual([]);
  await showWords(15);
  expect(calls).toEqual(['long']);
  await see(END);
  expect(calls).toEqual(['long', 'short']);
  await showWords(20);
  await answer.end();
  expect(calls).toEqual(['long', 'short']);
});

test('an answer that ends without its last event restores the process', async () => {
  const { answer, see, showWords, calls } = openAnswer();
  await see({ type: 'response-start', id: 'gen-1', model: 'a/model' });
  await showWords(15);
  await answer.end();
  expect(calls).toEqual(['long', 'short']);
});

test('a resize draws the open rows again, although they are the same: the terminal may have broken them', async () => {
  const { answer, see, stdout, written } = openAnswer();
  await see({ type: 'response-start', id: 'gen-1', model: 'a/model' });
  await see({ type: 'text-delta', text: 'open row' });
  await vi.waitFor(() => expect(written()).toContain('open row'), { interval: 2 });
  const drawn = written().length;
  stdout.emit('resize');
  await vi.waitFor(() => expect(written().slice(drawn)).toContain('open row'), { interval: 2 });
  await answer.end();
});
