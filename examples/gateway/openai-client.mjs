// OpenAI's JavaScript client over the gateway: any model, same code.
//   OPENAI_BASE_URL=http://127.0.0.1:4141/v1 OPENAI_API_KEY=any node examples/gateway/openai-client.mjs
import OpenAI from 'openai';

const client = new OpenAI();
const stream = await client.chat.completions.create({
  model: process.argv[2] ?? 'anthropic/claude-haiku-4.5',
  messages: [{ role: 'user', content: 'Why is the sky blue?' }],
  stream: true,
  stream_options: { include_usage: true },
});

for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta.content ?? '');
  // The gateway adds the cost in USD to the usage.
  if (chunk.usage) process.stdout.write(`\n${chunk.usage.total_tokens} tokens, ${chunk.usage.cost} USD\n`);
}
