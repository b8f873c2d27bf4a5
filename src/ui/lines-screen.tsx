import { Box, Text } from 'ink';
import { memo, type ReactElement } from 'react';
import type { Line, Span, Tone } from './line.ts';

/** What tones are on a terminal. */
export const LOOKS: Readonly<Record<Tone, { color?: string; bold?: boolean; dimColor?: boolean }>> = {
  plain: {},
  bold: { bold: true },
  dim: { dimColor: true },
  live: { color: 'cyan' },
  good: { color: 'green' },
  warning: { color: 'yellow' },
  bad: { color: 'red' },
};

/** Lines that fit the screen already; a row that did not change is not drawn again. */
export function LinesScreen({ lines }: { lines: readonly Line[] }): ReactElement {
  return (
    <Box flexDirection="column">
      {lines.map((line, index) => (
        <Row key={index} line={line} />
      ))}
    </Box>
  );
}

const Row = memo(
  function Row({ line }: { line: Line }): ReactElement {
    // An empty text would take no row at all.
    return <Text wrap="truncate">{line.length === 0 ? ' ' : line.map(piece)}</Text>;
  },
  (before, after) =>
    before.line.length === after.line.length &&
    before.line.every(({ text, tone }, index) => text === after.line[index]!.text && tone === after.line[index]!.tone),
);

function piece({ text, tone }: Span, index: number): ReactElement | string {
  return tone === 'plain' ? (
    text
  ) : (
    <Text key={index} {...LOOKS[tone]}>
      {text}
    </Text>
  );
}
