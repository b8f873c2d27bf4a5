import { Box, Static, Text } from 'ink';
import { memo, type ReactElement } from 'react';
import type { FeedView } from './answer-feed.ts';

export interface AnswerScreenProps {
  view: FeedView;
  /** Shown until the first token: what orx is waiting for. */
  waiting: string | undefined;
}

/** A streaming answer. Finished rows go to the scrollback immediately; only the open rows and the waiting line are redrawn. */
export function AnswerScreen({ view, waiting }: AnswerScreenProps): ReactElement {
  return (
    <>
      <Finished blocks={view.blocks} />
      {view.tail.length === 0 ? null : <Rows rows={view.tail} />}
      {waiting === undefined || view.hasStarted ? null : <Text wrap="truncate">{waiting}</Text>}
    </>
  );
}

// Without memo, every frame would write through <Static> and bypass Ink's frame limit.
const Finished = memo(function Finished({ blocks }: Pick<FeedView, 'blocks'>): ReactElement {
  return <Static items={[...blocks]}>{(rows, index) => <Rows key={index} rows={rows} />}</Static>;
});

function Rows({ rows }: { rows: readonly string[] }): ReactElement {
  // The rows were cut to the screen's width, but the screen may be narrower by now: wrap them instead of losing their ends. An
  // empty row must still take up a row.
  return (
    <Box flexDirection="column">
      <Text wrap="wrap">{rows.map((row) => (row === '' ? ' ' : row)).join('\n')}</Text>
    </Box>
  );
}
