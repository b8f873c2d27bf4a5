import { Box, Static, Text } from 'ink';
import { memo, type ReactElement } from 'react';
import type { FeedView } from './answer-feed.ts';

export interface AnswerScreenProps {
  view: FeedView;
  /** Shown until the first token: what orx is waiting for. */
  waiting: string | undefined;
}

/** An answer on its way: finished rows go to the scrollback at once, only the open row (or the waiting line) is live. */
export function AnswerScreen({ view, waiting }: AnswerScreenProps): ReactElement {
  return (
    <>
      <Finished blocks={view.blocks} />
      {view.tail.length === 0 ? null : <Rows rows={view.tail} />}
      {waiting === undefined || view.hasStarted ? null : <Text wrap="truncate">{waiting}</Text>}
    </>
  );
}

// Unless it is memoised, every frame writes through <Static> and past Ink's frame limit.
const Finished = memo(function Finished({ blocks }: Pick<FeedView, 'blocks'>): ReactElement {
  return <Static items={[...blocks]}>{(rows, index) => <Rows key={index} rows={rows} />}</Static>;
});

function Rows({ rows }: { rows: readonly string[] }): ReactElement {
  // The rows are cut to the screen's width already, but the screen may have become narrower since: then they wrap, rather than lose
  // their ends. An empty row must still be one.
  return (
    <Box flexDirection="column">
      <Text wrap="wrap">{rows.map((row) => (row === '' ? ' ' : row)).join('\n')}</Text>
    </Box>
  );
}
