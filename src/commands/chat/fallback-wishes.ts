import type { ChatSettings } from '../../core/settings/groups.ts';
import type { ResolvedSettings } from '../../core/settings/settings.ts';
import type { RequestOverrides } from '../../core/request/chat-request.ts';
import { usageError } from '../../errors.ts';

/** Returns how orx goes through the fallback list of a request. Throws a usage error for a typed flag that has no effect alone. */
export function fallbackWishes(
  settings: Pick<ChatSettings, 'fallback' | 'fallback-local' | 'restart'>,
  sources: ResolvedSettings['sources'],
): RequestOverrides {
  const isTyped = (key: 'fallback-local' | 'restart'): boolean => settings[key] && sources[key].source === 'flag';
  if (isTyped('fallback-local') && (settings.fallback ?? []).length === 0)
    throw usageError('--fallback-local needs --fallback', 'name the models to try: --fallback MODEL,MODEL');
  if (isTyped('restart') && !settings['fallback-local'])
    throw usageError('--restart needs --fallback-local', 'add it: --fallback MODEL,MODEL --fallback-local --restart');
  if (!settings['fallback-local']) return {};
  return { wishes: { fallsBackLocally: true, ...(settings.restart && { restart: true }) } };
}
