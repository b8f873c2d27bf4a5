import { type AnswerFacts, fence, lastPrompt, pastablePrompt } from './answer-facts.ts';

const BASE_URL = 'http://127.0.0.1:4141/api/v1';

/**
 * Returns a program that sends the same request to `orx serve --sandbox`, in the language that the prompt names, or in Python.
 */
export function clientCode(facts: AnswerFacts): string {
  const prompt = lastPrompt(facts.messages);
  const request = { model: facts.asked.id, messages: [{ role: 'user', content: pastablePrompt(facts) }] };
  if (/\b(?:curl|shell|bash|sh|http)\b/i.test(prompt)) return fence('sh', curlCode(JSON.stringify(request)));
  if (/\b(?:javascript|typescript|js|ts|node|react|deno|bun)\b/i.test(prompt)) return fence('js', scriptCode(facts));
  return fence('python', pythonCode(facts));
}

function pythonCode(facts: AnswerFacts): string {
  return `from openai import OpenAI

client = OpenAI(base_url="${BASE_URL}", api_key="sandbox")
stream = client.chat.completions.create(
    model="${facts.asked.id}",
    messages=[{"role": "user", "content": "${pastablePrompt(facts)}"}],
    stream=True,
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)`;
}

function scriptCode(facts: AnswerFacts): string {
  return `import { stdout } from 'node:process';
import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${BASE_URL}', apiKey: 'sandbox' });
const stream = await client.chat.completions.create({
  model: '${facts.asked.id}',
  messages: [{ role: 'user', content: '${pastablePrompt(facts)}' }],
  stream: true,
});
for await (const chunk of stream) {
  stdout.write(chunk.choices[0]?.delta.content ?? '');
}`;
}

function curlCode(body: string): string {
  return `curl ${BASE_URL}/chat/completions \\
  -H "Authorization: Bearer sandbox" \\
  -H "Content-Type: application/json" \\
  -d '${body}'`;
}
