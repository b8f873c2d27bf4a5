import { type ApiServer, answerPieces, chunk, sendPieces, startApiServer } from './api-server.ts';

export interface ScriptedCall {
  name: string;
  arguments: unknown;
  id?: string;
}

const USAGE = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110, cost: 0.001 };

/** Starts an API that requests these calls, one round after the other, and then answers with `answer`. */
export function startToolApi(rounds: readonly (readonly ScriptedCall[])[], answer = 'It rains.'): Promise<ApiServer> {
  let asked = 0;
  return startApiServer(async (request, response) => {
    if (!request.url.endsWith('/chat/completions')) {
      response.writeHead(404).end('{}');
      return;
    }
    const calls = request.json().tool_choice === 'none' ? undefined : rounds[asked];
    asked += 1;
    await sendPieces(response, calls === undefined ? answerPieces([answer], 0.001) : callPieces(calls));
  });
}

/** The details come in pieces, and the arguments are cut in two. */
function callPieces(calls: readonly ScriptedCall[]): string[] {
  const texts = calls.map(({ arguments: values }) => (typeof values === 'string' ? values : JSON.stringify(values)));
  return [
    chunk({ role: 'assistant', content: 'Let me see.', reasoning_details: REASONING }),
    ...calls.flatMap(({ name, id }, index) => [
      chunk({
        tool_calls: [
          { index, id: id ?? `call_${index}`, type: 'function', function: { name, arguments: texts[index]!.slice(0, 3) } },
        ],
      }),
      chunk({ tool_calls: [{ index, function: { arguments: texts[index]!.slice(3) } }] }),
    ]),
    chunk({ content: '' }, { usage: USAGE }, { finish_reason: 'tool_calls', native_finish_reason: 'tool_calls' }),
    'data: [DONE]\n\n',
  ];
}

export const REASONING = [
  { type: 'reasoning.encrypted', data: 'c2VjcmV0', id: 'r1', format: 'x', index: 0 },
  { type: 'reasoning.text', text: 'hm', signature: 'sig', index: 1 },
];

/** Returns the bodies of the completion requests, in order. */
export function asked(api: ApiServer): any[] {
  return api.requests.filter(({ url }) => url.endsWith('/chat/completions')).map((request) => request.json());
}
