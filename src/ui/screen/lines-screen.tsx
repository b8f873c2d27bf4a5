import { Box, Text } from 'ink';
import { memo, type ReactElement } from 'react';
import type { Theme } from '../../output/text/theme.ts';
import { type Line, paintTone } from './line.ts';

interface LinesScreenProps {
  lines: readonly Line[];
  theme: Theme;
}

/** Draws lines that already fit the screen. Unchanged rows are not rendered again. */
export function LinesScreen({ lines, theme }: LinesScreenProps): ReactElement {
  return (
    <Box flexDirection="column">
      {lines.map((line, index) => (
        <Row key={index} line={line} theme={theme} />
      ))}
    </Box>
  );
}

const Row = memo(
  function Row({ line, theme }: { line: Line; theme: Theme }): ReactElement {
    // An empty text would take up no row.
    return <Text wrap="truncate">{line.map(({ text, tone }) => paintTone(text, tone, theme)).join('') || ' '}</Text>;
  },
  (before, after) =>
    before.theme === after.theme &&
    before.line.length === after.line.length &&
    before.line.every(({ text, tone }, index) => text === after.line[index]!.text && tone === after.line[index]!.tone),
);
