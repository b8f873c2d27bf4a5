import { Box, Static, Text } from 'ink';
import { memo, type ReactElement } from 'react';
import type { Block, FeedView } from './answer-feed.ts';

export interface AnswerScreenProps {
  view: FeedView;
  /** Shown until the first token: what orx is waiting for. */
  waiting: string | undefined;
  /** The waiting line is dim. */
  isDim: boolean;
}

/** An answer on its way: finished rows go to the scrollback at once, only the open row (or the waiting line) is live. */
export function AnswerScreen({ view, waiting, isDim }: AnswerScreenProps): ReactElement {
  return (
    <>
      <Finished blocks={view.blocks} />
      {view.tail === undefined ? null : <Rows block={view.tail} />}
      {waiting === undefined || view.hasStarted ? null : (
        <Text dimColor={isDim} wrap="truncate">
          {waiting}
        </Text>
      )}
    </>
  );
}

// Unless it is memoised, every frame writes through <Static> and past Ink's frame limit.
const Finished = memo(function Finished({ blocks }: { blocks: readonly Block[] }): ReactElement {
  return <Static items={[...blocks]}>{(block, index) => <Rows key={index} block={block} />}</Static>;
});

function Rows({ block }: { block: Block }): ReactElement {
  // The rows are cut to the screen's width already, but the screen may have become narrower since: then they wrap, rather than lose
  // their ends. An empty row must still be one.
  return (
    <Box flexDirection="column">
      <Text wrap="wrap">{block.rows.map((row) => (row === '' ? ' ' : row)).join('\n')}</Text>
    </Box>
  );
}
