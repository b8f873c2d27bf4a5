import type { ScreenSettings } from '../../core/settings/groups.ts';
import type { Context } from '../../commands/context.ts';
import type { Terminal } from '../../commands/context/terminal.ts';
import { createTheme } from '../../output/text/theme.ts';

/**
 * Returns the theme of a command. Reads the settings when something is shown. An invalid stored value (reported by `orx config
 * list`) is replaced by the default, so that it does not prevent output.
 */
export function createAppearance(
  settings: () => ScreenSettings,
  env: Context['env'],
): Pick<Terminal, 'themeOf' | 'isScreenReader'> {
  let known: { theme: ScreenSettings['theme']; isScreenReader: boolean } | undefined;
  const appearance = (): { theme: ScreenSettings['theme']; isScreenReader: boolean } => {
    if (known !== undefined) return known;
    const resolved = readable(settings);
    return (known = {
      theme: readable(() => resolved?.theme) ?? 'auto',
      isScreenReader: readable(() => resolved?.['screen-reader']) ?? false,
    });
  };
  return {
    themeOf: (stream) => createTheme(appearance().isScreenReader ? 'none' : appearance().theme, stream, env),
    get isScreenReader() {
      return appearance().isScreenReader;
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
