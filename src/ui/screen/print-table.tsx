import { render, Static, Text } from 'ink';
import { memo, useMemo } from 'react';
import type { TableLine } from '../../output/table/table.ts';
import type { Theme } from '../../output/text/theme.ts';
import { endlessRows } from './ink-writes.ts';

interface PrintTableOptions {
  streams: { stdin: NodeJS.ReadStream; stdout: NodeJS.WriteStream; stderr: NodeJS.WriteStream };
  theme: Theme;
  /** Visible text that fits the terminal's width. */
  lines: readonly TableLine[];
}

/** Prints the lines once, into the scrollback, and resolves when they are written. Never clears the screen. */
export async function printTable({ streams, theme, lines }: PrintTableOptions): Promise<void> {
  const rows = lines.map((line) => line.map(({ text, tone }) => theme.paint(tone === undefined ? [] : [tone], text)).join(''));
  const { unmount, waitUntilExit } = render(<TableScreen rows={rows} />, {
    ...streams,
    stdout: endlessRows(streams.stdout),
    patchConsole: false,
    isScreenReaderEnabled: false,
  });
  const exit = waitUntilExit();
  unmount();
  await exit;
}

/** All rows except the last are static. Ink keeps the last one when it ends. */
function TableScreen({ rows }: { rows: readonly string[] }) {
  const finished = useMemo(() => rows.slice(0, -1), [rows]);
  return (
    <>
      <Finished rows={finished} />
      <Row text={rows.at(-1) ?? ''} />
    </>
  );
}

const Finished = memo(function Finished({ rows }: { rows: readonly string[] }) {
  return <Static items={[...rows]}>{(text, index) => <Row key={index} text={text} />}</Static>;
});

function Row({ text }: { text: string }) {
  // An empty text would take up no row.
  return <Text>{text || ' '}</Text>;
}
