import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { firstRequest } from '../../core/pipeline/fallback.ts';
import { capability, type WireRequest } from '../../apis/api.ts';
import { jsonText } from '../../output/text/json.ts';
import { write } from '../../output/text/write-stream.ts';
import type { ChatRequest } from '../../apis/completion.ts';
import type { Context } from '../context.ts';

/** `--dry-run`: prints the request that would be sent. Sends and records nothing, and needs no key. */
export async function showRequest(
  asked: ChatRequest,
  settings: ConnectionSettings,
  format: string,
  context: Context,
): Promise<number> {
  const api = await context.apis.for(settings).open();
  const request = await capability(api, 'describeCompletion')(firstRequest(asked));
  const text = format === 'text' ? wireRequestText(request) : jsonText({ ...request });
  await write(context.terminal.streams.stdout, text);
  return 0;
}

/** Returns a readable request: method and URL, headers, an empty line, the body as JSON. */
export function wireRequestText({ method, url, headers, body }: WireRequest): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `${method} ${url}\n${lines.join('\n')}\n\n${jsonText(body)}`;
}
