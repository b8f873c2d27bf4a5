import { type ApiServer, chunk, sendJson, startApiServer } from './api-server.ts';

/** What the judge of a test server replies to one request: a text, a text that is cut off, an HTTP status, or nothing. */
export type JudgeScript = (
  prompt: string,
  request: Readonly<Record<string, unknown>>,
) => string | number | { cut: string } | undefined;

/** The texts that a judge sees between its fences. */
export function shownAnswers(prompt: string): { a: string; b: string } {
  const read = (title: string): string => new RegExp(`${title}:\\n<<<(\\w+)\\n([\\s\\S]*?)\\n\\1>>>`).exec(prompt)?.[2] ?? '';
  return { a: read('Answer A'), b: read('Answer B') };
}

/** Starts a server on which the models answer with fixed texts and `j/judge` judges them. */
export function startJudgeServer(answers: Readonly<Record<string, string>>, judge: JudgeScript): Promise<ApiServer> {
  return startApiServer((request, response) => {
    if (!request.url.endsWith('/chat/completions')) return sendJson(response, 404, { error: { code: 404, message: 'not here' } });
    const body = request.json() as { model: string; messages: { content: string }[] };
    const prompt = body.messages.map(({ content }) => content).join('\n');
    const isJudge = body.model === 'j/judge';
    const said = isJudge ? judge(prompt, body) : (answers[body.model] ?? 400);
    // The judge never replies: the connection stays open.
    if (said === undefined) return undefined;
    if (typeof said === 'number') {
      const status = said;
      return sendJson(response, status, { error: { code: status, message: `refused with ${status}` } });
    }
    const names = { id: `gen-${body.model}`, model: body.model };
    const isCut = typeof said === 'object';
    const finish = { finish_reason: isCut ? 'length' : 'stop' };
    const usage = { prompt_tokens: 12, completion_tokens: 34, total_tokens: 46, cost: isJudge ? 0.002 : 0.0004 };
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(
      chunk({ content: isCut ? said.cut : said }, names) +
        chunk({ content: '' }, names, finish) +
        chunk({ content: '' }, { ...names, usage }, finish) +
        'data: [DONE]\n\n',
    );
  });
}
