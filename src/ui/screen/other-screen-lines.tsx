import { useLayoutEffect } from 'react';
import type { Theme } from '../../output/text/theme.ts';
import { type Line, paintTone } from './line.ts';
import type { OtherScreen } from './other-screen.ts';

interface OtherScreenLinesProps {
  screen: OtherScreen;
  lines: readonly Line[];
  theme: Theme;
}

/** Shows lines that fit the alternate screen. They are written past Ink, because they need no layout. */
export function OtherScreenLines({ screen, lines, theme }: OtherScreenLinesProps): null {
  useLayoutEffect(() => {
    screen.paint(lines.map((line) => line.map(({ text, tone }) => paintTone(text, tone, theme)).join('')));
  }, [screen, lines, theme]);
  return null;
}
