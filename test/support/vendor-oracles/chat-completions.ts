import type { Recording } from '../recordings.ts';
import type { Expected } from './expected.ts';

/**
 * Reads the content of a chat completions recording in the simplest way, independently of orx's decoders. The body is server-sent events, JSON lines,
 * or one JSON object: a whole reply or an error.
 */
export function readChatCompletions({ body, status }: Pick<Recording, 'body' | 'status'>): Expected {
  const chunks = chunksOf(body.toString());
  let [text, reasoning] = ['', ''];
  let finishReason: string | undefined;
  let usage: any;
  let error: any;
  const calls: { name: string; arguments: string }[] = [];
  for (const chunk of chunks) {
    usage = chunk.x_groq?.usage ?? chunk.usage ?? usage;
    error = chunk.error ?? chunk.x_groq?.error ?? (status >= 400 ? chunk : error);
    for (const choice of chunk.choices ?? []) {
      const delta = choice.delta ?? choice.message ?? {};
      const parts: any[] = Array.isArray(delta.content) ? delta.content : [{ type: 'text', text: delta.content ?? '' }];
      for (const part of parts) {
        if (part.type === 'text') text += part.text;
        if (part.type === 'thinking') for (const piece of part.thinking) reasoning += piece.text ?? '';
      }
      text += choice.text ?? '';
      reasoning += delta.reasoning_content ?? delta.reasoning ?? '';
      for (const call of delta.tool_calls ?? []) {
        const place = call.index ?? (call.id ? calls.length : calls.length - 1);
        calls[place] ??= { name: '', arguments: '' };
        calls[place].name ||= call.function?.name ?? '';
        calls[place].arguments += call.function?.arguments ?? '';
      }
      finishReason = choice.finish_reason || finishReason;
    }
  }
  return {
    text,
    reasoning,
    calls,
    // Vendors that count reasoning separately from the output include it in the total.
    usage: usage && {
      prompt: usage.prompt_tokens,
      completion: usage.total_tokens - usage.prompt_tokens,
      total: usage.total_tokens,
    },
    finishReason,
    error: error && { status: status >= 400 ? status : Number(error.code) || undefined, message: messageOf(error) },
  };
}

function chunksOf(body: string): any[] {
  const text = body.trim();
  if (text.startsWith('{') && !/\}\s*\n\s*\{/.test(text)) return [JSON.parse(text)];
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/^data: ?/, ''))
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

function messageOf(error: any): string {
  return typeof error === 'string' ? error : (error.message ?? error.error ?? error.detail);
}
