import type { Settings } from '../core/settings.ts';
import { usageError } from '../errors.ts';
import { errorText } from '../output/error-text.ts';
import type { Message } from '../providers/completion.ts';
import type { ChatOptions } from './chat-options.ts';
import { openChat, runTurn } from './chat-turn.ts';
import type { Context } from './context.ts';

/** A plain conversation: a prompt, an answer, and so on until Ctrl-D, Ctrl-C at an empty prompt, or `exit`. */
export async function runConversation(settings: Settings, options: ChatOptions, context: Context): Promise<number> {
  const { stdin, stdout, stderr } = context.streams;
  if (!stdin.isTTY || !stdout.isTTY || options.format !== 'text') {
    throw usageError('there is no prompt', 'give it as words, orx chat "…", or pipe it in, cat file | orx chat "…"');
  }
  if (options.isLive) return (await import('./talk.ts')).runTalk(settings, options, context);
  const chat = await openChat('chat', settings, context);
  if (!options.isQuiet) stderr.write(`${settings.model} · ctrl-c stops an answer · ctrl-d leaves\n`);
  const messages: Message[] = [];
  for (;;) {
    const prompt = await context.askLine('› ');
    if (prompt === undefined || ['exit', 'quit', '/exit', '/quit', '/q'].includes(prompt.trim())) return 0;
    if (prompt.trim() === '') continue;
    messages.push({ role: 'user', content: prompt });
    const { answer, error } = await context.interruptible((signal, hurry) =>
      runTurn(messages, chat, options, context, signal, hurry),
    );
    context.interrupt.throwIfAborted();
    if (error !== undefined && !signalled(error)) stderr.write(errorText(error));
    // A failed question leaves the conversation as it was; a stopped answer stays as far as it came.
    if (answer.text === '') messages.pop();
    else messages.push({ role: 'assistant', content: answer.text });
    stdout.write('\n');
  }
}

function signalled(error: unknown): boolean {
  return error instanceof Error && 'kind' in error && error.kind === 'interrupted';
}
