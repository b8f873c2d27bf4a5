// The same program as openai-client.js with `@openrouter/sdk`.
//
//   OPENROUTER_BASE_URL=… node bench/openrouter-client.js
import { OpenRouter } from '@openrouter/sdk';

const client = new OpenRouter({ serverURL: process.env['OPENROUTER_BASE_URL'] ?? '', apiKey: 'any' });
const stream = await client.chat.send({
  chatRequest: { model: 'bench/model', messages: [{ role: 'user', content: 'Why is the sky blue?' }], stream: true },
});
if (!(Symbol.asyncIterator in stream)) throw new Error('not a stream');
for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? '');
