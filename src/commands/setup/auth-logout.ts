import { SETTINGS } from '../../core/settings/settings.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';

/** `orx auth logout`: removes the stored key. Without one, prints that there is none and succeeds. */
export const logOut = { parse: () => undefined, run: runLogout };

async function runLogout(_: undefined, context: Context): Promise<number> {
  const store = await context.stores.openSettings();
  const removed = await store.delete('api-key');
  const lines = [removed.length > 0 ? `removed the key from ${store.path}` : 'no key was stored'];
  const name = SETTINGS['api-key'].env?.find((variable) => (context.env[variable] ?? '') !== '');
  if (name !== undefined) lines.push(`warning: ${name} is set in the environment and is still used`);
  await write(context.terminal.streams.stderr, lines.map((line) => `${visibleLine(line)}\n`).join(''));
  return 0;
}
