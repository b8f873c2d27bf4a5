import { usageError } from '../errors.ts';
import { errorText } from '../output/error-text.ts';
import type { ChatOptions } from './chat-options.ts';
import { runTurn } from './chat-turn.ts';
import { openChat } from './open-chat.ts';
import type { TalkExtras } from './talk-session.ts';
import type { Context } from './context.ts';
import type { OpenTranscript } from './open-transcript.ts';
import { fitContext, type FitOptions } from './fit-context.ts';

/** A plain conversation: a prompt, an answer, and so on until Ctrl-D, Ctrl-C at an empty prompt, or `exit`. */
export async function runConversation(
  { transcript, settings }: OpenTranscript,
  options: ChatOptions,
  context: Context,
  fit: Pick<FitOptions, 'dropsOldest'> = { dropsOldest: false },
  extras: TalkExtras = {},
): Promise<number> {
  const { stdout, stderr } = context.streams;
  requireTerminal(options, context);
  if (options.isLive) return (await import('./talk.ts')).runTalk({ transcript, settings }, options, context, { ...fit, extras });
  const chat = await openChat('chat', settings, context, { ...extras, transcript });
  if (!options.isQuiet) stderr.write(`${settings.model} · ctrl-c stops an answer · ctrl-d leaves\n`);
  for (;;) {
    const prompt = await context.askLine('› ');
    if (prompt === undefined || ['exit', 'quit', '/exit', '/quit', '/q'].includes(prompt.trim())) return 0;
    if (prompt.trim() === '') continue;
    transcript.add({ role: 'user', content: prompt });
    try {
      await fitContext(transcript, settings, { ...fit, ...options, ask: (question) => agrees(question, context) }, context);
    } catch (error) {
      transcript.takeBack();
      stderr.write(errorText(error));
      continue;
    }
    const { error } = await context.interruptible((signal, hurry) =>
      runTurn(transcript.messages(), chat, options, context, signal, hurry),
    );
    context.interrupt.throwIfAborted();
    if (error !== undefined && !signalled(error)) stderr.write(errorText(error));
    stdout.write('\n');
  }
}

/** A conversation needs somebody at a terminal. Throws a usage error where there is none. */
export function requireTerminal({ format }: ChatOptions, { streams: { stdin, stdout } }: Context): void {
  if (stdin.isTTY && stdout.isTTY && format === 'text') return;
  throw usageError('there is no prompt', 'give it as words, orx chat "…", or pipe it in, cat file | orx chat "…"');
}

async function agrees(question: string, { askLine }: Context): Promise<boolean> {
  return /^y(es)?$/i.test((await askLine(`${question} [y/N] `))?.trim() ?? '');
}

function signalled(error: unknown): boolean {
  return error instanceof Error && 'kind' in error && error.kind === 'interrupted';
}
