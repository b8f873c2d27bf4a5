import type { Context } from '../../commands/context.ts';
import type { Settings } from '../../core/settings/settings.ts';
import { createTheme } from '../../output/text/theme.ts';

/**
 * How a run looks. Settings are read when something is shown. A stored value that is none (`orx config list` tells of it) hides nothing that
 * there is to show: the default stands in for it.
 */
export function createLook(settings: () => Settings, env: Context['env']): Pick<Context, 'themeOf' | 'isReadAloud'> {
  let known: { theme: Settings['theme']; isReadAloud: boolean } | undefined;
  const look = (): { theme: Settings['theme']; isReadAloud: boolean } =>
    (known ??= {
      theme: readable(() => settings().theme) ?? 'auto',
      isReadAloud: readable(() => settings()['screen-reader']) ?? false,
    });
  return {
    themeOf: (stream) => createTheme(look().isReadAloud ? 'none' : look().theme, stream, env),
    get isReadAloud() {
      return look().isReadAloud;
    },
  };
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
