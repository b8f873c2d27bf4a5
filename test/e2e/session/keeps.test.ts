import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answerPieces, type ApiServer, chunk, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { chatEnvironment, openChatTerminal as open } from '../../support/chat-terminal.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import type { TerminalRun } from '../../support/terminal.ts';
import { asked } from '../../support/tool-api.ts';

type Reply = 'whole' | 'fails' | 'cut' | 'refused' | 'blank';

/** An API that counts its answers. `plan` says in order what happens to the next answers; after that all are complete. */
async function planned(plan: Reply[] = [], model = 'test/model'): Promise<ApiServer> {
  let count = 0;
  return startApiServer(async (request, response) => {
    if (request.method !== 'POST') return sendJson(response, 404, { error: { code: 404, message: 'no' } });
    count += 1;
    const half = chunk({ reasoning: `because ${count}`, content: `answer ${count}` }, { model });
    switch (plan.shift() ?? 'whole') {
      case 'whole':
        return sendPieces(response, [half, ...answerPieces([''], 0.001)]);
      case 'blank':
        return sendPieces(response, answerPieces(['\n'], 0.001));
      case 'refused':
        return sendJson(response, 400, { error: { code: 400, message: 'not today' } });
      case 'fails':
        return sendPieces(response, [half, chunk({}, {}, { finish_reason: 'error' }), 'data: [DONE]\n\n']);
      case 'cut':
        await sendPieces(response, [half], { end: false });
        response.destroy();
    }
  });
}

const copied = (text: string): string => `\u001b]52;c;${Buffer.from(text).toString('base64')}\u0007`;
const contents = (body: any): string[] => body.messages.map(({ content }: { content: string }) => content);

async function leave(terminal: TerminalRun): Promise<void> {
  terminal.type('\u0004');
  expect(await terminal.exit).toBe(0);
}

const history = async (server: ApiServer, home: string): Promise<any> => {
  const env = chatEnvironment(server);
  const [{ id }] = JSON.parse((await runOrx(['history', '--json'], { home, env })).stdout);
  return JSON.parse((await runOrx(['history', 'show', id, '--json'], { home, env })).stdout);
};

test.each<[Reply, string]>([
  ['refused', 'not today'],
  ['fails', 'answer 2'],
  ['cut', 'answer 2'],
  ['blank', 'the earlier answer stays'],
])('an answer stays when /retry is %s: in the prompt, in the history, for /copy and for -c', async (reply, shown) => {
  const home = tempFolder();
  const server = await planned(['whole', reply]);
  const terminal = open(server, [], { home });
  await terminal.waitFor('/ commands');
  terminal.type('one\r');
  await terminal.waitFor(/answer 1[\s\S]*so far/);
  terminal.type('/retry\r');
  await terminal.waitFor(shown);
  await terminal.waitFor('the earlier answer stays');
  terminal.type('/copy\r');
  await terminal.waitFor('to the clipboard');
  expect(terminal.raw()).toContain(copied('answer 1'));
  terminal.type('two\r');
  await terminal.waitFor('answer 3');
  await leave(terminal);
  // An answer that broke off may have been charged.
  const isUnknown = reply === 'fails' || reply === 'cut';
  expect((await terminal.everything()).join('\n').includes('and 1 of unknown cost')).toBe(isUnknown);
  expect(contents(asked(server)[1])).toEqual(['one']);
  expect(contents(asked(server)[2])).toEqual(['one', 'answer 1', 'two']);
  const { messages } = await history(server, home);
  const stored = messages.map(({ content, left_out: isLeftOut = false }: any) => [content, isLeftOut]);
  expect(stored).toEqual([
    ['one', false],
    ['answer 1', false],
    // A paid answer is in the history, but not part of the conversation.
    ...(reply === 'refused'
      ? []
      : [
          ['one', true],
          [reply === 'blank' ? '\n' : 'answer 2', true],
        ]),
    ['two', false],
    ['answer 3', false],
  ]);
  await runOrx(['chat', '-c', 'three'], { home, env: chatEnvironment(server) });
  expect(contents(asked(server)[3])).toEqual(['one', 'answer 1', 'two', 'answer 3', 'three']);
});

test('a successful /retry or /edit replaces the last turn, after a failure too; /edit - keeps it', async () => {
  const home = tempFolder();
  const server = await planned(['whole', 'fails', 'whole', 'fails', 'whole']);
  const terminal = open(server, [], { home });
  await terminal.waitFor('/ commands');
  terminal.type('one\r');
  await terminal.waitFor(/answer 1[\s\S]*so far/);
  terminal.type('/retry\r');
  await terminal.waitFor('the earlier answer stays');
  terminal.type('/retry\r');
  await terminal.waitFor(/answer 3[\s\S]*so far/);
  terminal.type('/edit\r');
  await terminal.waitFor('the next message replaces the last one');
  terminal.type(' more\r');
  await terminal.waitFor(/answer 4[\s\S]*the earlier answer stays/);
  terminal.type('/edit\r');
  await terminal.waitFor(/the next message replaces[\s\S]*the next message replaces/);
  terminal.type(' again\r');
  await terminal.waitFor(/answer 5[\s\S]*so far/);
  terminal.type('/edit\r');
  await terminal.waitFor(/› one again\n/);
  terminal.type('\u0015/edit -\r');
  await terminal.waitFor('the last message and its answer stay');
  terminal.type('two\r');
  await terminal.waitFor('answer 6');
  await leave(terminal);
  expect(asked(server).map(contents)).toEqual([
    ['one'],
    ['one'],
    ['one'],
    ['one more'],
    ['one again'],
    ['one again', 'answer 5', 'two'],
  ]);
  const { messages } = await history(server, home);
  expect(messages.map(({ content }: any) => content)).toEqual(['one again', 'answer 5', 'two', 'answer 6']);
});

test('/copy, /reasoning, /retry and /save use the shown answer: after -c, /resume, /fork and /save', async () => {
  const home = tempFolder();
  const server = await planned();
  const env = chatEnvironment(server);
  await runOrx(['chat', 'first of all'], { home, env });
  await runOrx(['chat', 'another'], { home, env });
  const terminal = open(server, ['-c'], { home, rows: 50 });
  await terminal.waitFor('/ commands');
  const copies = async (times: number, text: string): Promise<void> => {
    terminal.type('/copy\r');
    await terminal.waitFor(new RegExp('to the clipboard[\\s\\S]*'.repeat(times)));
    expect(terminal.raw()).toContain(copied(text));
  };
  await copies(1, 'answer 2');
  terminal.type('/reasoning\r');
  await terminal.waitFor('because 2');
  const [, { id }] = JSON.parse((await runOrx(['history', '--json'], { home, env })).stdout);
  terminal.type(`/resume ${id}\r`);
  await terminal.waitFor(/answer 1\s/);
  await copies(2, 'answer 1');
  terminal.type('/reasoning\r');
  await terminal.waitFor('because 1');
  terminal.type('/fork\r');
  await terminal.waitFor('continuing in a copy');
  terminal.type('/save the copy\r');
  await terminal.waitFor('saved as: the copy');
  terminal.type('/retry\r');
  await terminal.waitFor(/answer 3[\s\S]*so far/);
  await copies(3, 'answer 3');
  terminal.type('/undo\r');
  await terminal.waitFor('removed with its answer');
  terminal.type('/copy\r');
  await terminal.waitFor('there is no answer to copy');
  await leave(terminal);
  expect(contents(asked(server)[2])).toEqual(['first of all']);
  const { stdout } = await runOrx(['history', 'show', id, '--json'], { home, env });
  expect(JSON.parse(stdout).messages.map(({ content }: any) => content)).toEqual(['first of all', 'answer 1']);
});

test('a failed /compact leaves the conversation unchanged, says why, and its cost counts; the next one has no output limit', async () => {
  const home = tempFolder();
  mkdirSync(join(home, 'sub'));
  let summaries = 0;
  const server = await startApiServer((request, response) => {
    if (request.method !== 'POST') return sendJson(response, 404, { error: { code: 404, message: 'no' } });
    const question = String(request.json().messages.at(-1).content);
    if (!question.startsWith('Summarize')) return sendPieces(response, answerPieces([`answer to ${question}`], 0.001));
    summaries += 1;
    const [text, reason] =
      summaries === 1 ? ['Three things: first', 'length'] : summaries === 2 ? [' ', 'stop'] : ['All of it.', 'stop'];
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, cost: 0.5 };
    return sendPieces(response, [
      chunk({ content: text }),
      chunk({}, { usage, model: 'other/model' }, { finish_reason: reason }),
      'data: [DONE]\n\n',
    ]);
  });
  const limits = ['--max-tokens', '50', '--stop', 'END', '--effort', 'high', '--temperature', '0.5', '--schema', 'word'];
  const terminal = open(server, [...limits, '-O', 'top_logprobs=2', '-O', 'provider={"x":1}'], { home, rows: 50 });
  await terminal.waitFor('/ commands');
  for (const text of ['one', 'two']) {
    terminal.type(`${text}\r`);
    await terminal.waitFor(`answer to ${text}`);
    await terminal.waitFor('/ commands');
  }
  terminal.type('/compact\r');
  await terminal.waitFor(/no summary: the conversation stays as it is[\s\S]*the summary was cut short \(length\)/);
  await terminal.waitFor('$0.502 so far');
  terminal.type('/compact\r');
  await terminal.waitFor('the summary is empty');
  terminal.type('three\r');
  await terminal.waitFor('answer to three');
  terminal.type('/compact\r');
  await terminal.waitFor('2 turns are replaced');
  terminal.type('four\r');
  await terminal.waitFor('answer to four');
  await leave(terminal);
  const bodies = asked(server);
  const [, , summary, , three, , four] = bodies;
  const { messages: _, session_id: __, ...request } = summary;
  expect(request).toEqual({ model: 'test/model', stream: true, provider: { x: 1 } });
  expect(contents(three)).toEqual(['one', 'answer to one', 'two', 'answer to two', 'three']);
  expect(contents(four)).toEqual([expect.stringMatching(/All of it\.\n\nthree$/), 'answer to three', 'four']);
});
