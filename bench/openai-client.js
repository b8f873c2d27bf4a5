// The minimal program with the `openai` client that prints an answer as it arrives, to compare CPU times with orx.
//
//   OPENROUTER_BASE_URL=… node bench/openai-client.js
import OpenAI from 'openai';

const client = new OpenAI({ baseURL: process.env['OPENROUTER_BASE_URL'], apiKey: 'any' });
const stream = await client.chat.completions.create({
  model: 'bench/model',
  messages: [{ role: 'user', content: 'Why is the sky blue?' }],
  stream: true,
});
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '');
