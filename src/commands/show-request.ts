import { chatRequest } from '../core/chat-request.ts';
import { usageError } from '../errors.ts';
import { jsonText } from '../output/json-text.ts';
import { wireRequestText } from '../output/wire-request-text.ts';
import { write } from '../output/write-stream.ts';
import type { Message } from '../providers/completion.ts';
import type { Context } from './context.ts';
import type { PreparedChat } from './prepare-chat.ts';

/** `--dry-run`: prints the request that would be sent. Nothing is sent or booked, and no key is needed. */
export async function showRequest(
  messages: readonly Message[],
  { settings, overrides }: Pick<PreparedChat, 'settings' | 'overrides'>,
  format: string,
  context: Context,
): Promise<number> {
  const provider = await context.openProvider(settings);
  if (provider.describeCompletion === undefined) throw usageError('this provider sends no request');
  const request = provider.describeCompletion(chatRequest(messages, settings, overrides));
  const text = format === 'text' ? wireRequestText(request) : jsonText({ ...request });
  const { stdout } = context.streams;
  if (!stdout.isTTY) await write(stdout, text);
  else await write(stdout, (await import('../output/visible-text.ts')).visibleText(text));
  return 0;
}
