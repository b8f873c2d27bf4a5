import { OrxError } from '../../src/errors.ts';
import type { Api } from '../../src/apis/api.ts';
import { type ChatRequest, type CompletionEvent, type StreamOptions } from '../../src/apis/completion.ts';
import { type Message, messageText } from '../../src/apis/message.ts';
import type { HttpClient } from '../../src/http/client.ts';

/**
 * A second API that differs from OpenRouter's as much as possible: a script of lines that somebody `says`, answers as JSON lines, no list of models,
 * no costs, no token counts, no generation ids that can be looked up. It proves that no code above src/apis/ knows which API answers. Its `memo` is
 * data that only this API understands and that it requires back.
 */
export interface Line {
  by: 'rules' | 'you' | 'it' | 'tool';
  says: string;
  calls?: readonly { as: string; do: string; with: unknown }[];
  answers?: string;
  memo?: unknown;
}

interface Options {
  http: HttpClient;
  baseUrl: string;
  apiKey?: string | undefined;
}

const BY: Readonly<Record<Message['role'], Line['by']>> = { system: 'rules', user: 'you', assistant: 'it', tool: 'tool' };

function lineOf(message: Message): Line {
  const memo = message.reasoningParts?.find(({ apiData }) => apiData?.['second'] !== undefined)?.apiData?.['second'];
  const calls = message.toolCalls?.map(({ id, name, arguments: given }) => ({
    as: id,
    do: name,
    with: JSON.parse(given) as unknown,
  }));
  return {
    by: BY[message.role],
    says: messageText(message),
    ...(calls !== undefined && { calls }),
    ...(message.toolCallId !== undefined && { answers: message.toolCallId }),
    ...(memo !== undefined && { memo }),
  };
}

/** Replaces OpenRouter's function under the same name. */
export function createOpenRouterApi({ http, baseUrl, apiKey }: Options): Api {
  async function* streamCompletion(request: ChatRequest, { signal }: StreamOptions = {}): AsyncGenerator<CompletionEvent> {
    const response = await http.send({
      method: 'POST',
      url: new URL(`${baseUrl}/perform`),
      headers: { 'content-type': 'application/json', 'x-ticket': apiKey ?? '' },
      body: JSON.stringify({
        actor: request.model,
        script: request.messages.map(lineOf),
        props: (request.tools ?? []).flatMap((tool) => (tool.type === 'function' ? tool.name : [])),
      }),
      signal,
    });
    const decoder = new TextDecoder();
    let rest = '';
    let calls = 0;
    let hasEnded = false;
    for await (const bytes of response.body) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        const said = JSON.parse(line) as Record<string, any>;
        if (response.status !== 200) throw new OrxError(String(said['boo']), { kind: 'provider', status: response.status });
        if (said['actor'] !== undefined) yield { type: 'response-start', id: '', model: String(said['actor']) };
        if (said['say'] !== undefined) yield { type: 'text-delta', text: String(said['say']) };
        if (said['memo'] !== undefined)
          yield { type: 'reasoning-parts', parts: [{ kind: 'other', apiData: { second: said['memo'] } }] };
        if (said['call'] !== undefined) {
          const { as: id, do: name, with: given } = said['call'];
          yield { type: 'tool-call-delta', index: calls, id, name, arguments: JSON.stringify(given) };
          calls += 1;
        }
        if (said['curtain'] !== undefined) {
          hasEnded = true;
          yield { type: 'response-end', finishReason: calls > 0 ? 'tool_calls' : String(said['curtain']) };
        }
      }
    }
    if (!hasEnded) throw new OrxError('the performance broke off', { kind: 'network', code: 'stream-cut', isRetryable: true });
  }
  return { id: 'second', streamCompletion };
}
