import { render, Static, Text } from 'ink';
import { memo, useMemo } from 'react';
import type { Line, Tone } from '../output/table.ts';
import { endlessRows } from './endless-rows.ts';

interface PrintTableOptions {
  streams: { stdin: NodeJS.ReadStream; stdout: NodeJS.WriteStream; stderr: NodeJS.WriteStream };
  /** Already as wide as the terminal allows, and visible. */
  lines: readonly Line[];
}

/** Prints the lines once, into the scrollback, and resolves when they are written. The screen is never cleared. */
export async function printTable({ streams, lines }: PrintTableOptions): Promise<void> {
  const { unmount, waitUntilExit } = render(<TableScreen lines={lines} />, {
    ...streams,
    stdout: endlessRows(streams.stdout),
    patchConsole: false,
  });
  const exit = waitUntilExit();
  unmount();
  await exit;
}

/** All lines but the last are static; the last one is what Ink leaves standing when it ends. */
function TableScreen({ lines }: { lines: readonly Line[] }) {
  const finished = useMemo(() => lines.slice(0, -1), [lines]);
  return (
    <>
      <Finished lines={finished} />
      <LineText line={lines.at(-1) ?? []} />
    </>
  );
}

const Finished = memo(function Finished({ lines }: { lines: readonly Line[] }) {
  return <Static items={[...lines]}>{(line, index) => <LineText key={index} line={line} />}</Static>;
});

function LineText({ line }: { line: Line }) {
  // Ink gives an empty text no line.
  if (line.length === 0) return <Text> </Text>;
  return (
    <Text>
      {line.map(({ text, tone }, index) => (
        <Text key={index} {...(tone === undefined ? {} : LOOKS[tone])}>
          {text}
        </Text>
      ))}
    </Text>
  );
}

const LOOKS: Readonly<Record<Tone, { color?: string; dimColor?: boolean }>> = {
  accent: { color: 'cyan' },
  dim: { dimColor: true },
  warning: { color: 'yellow' },
};
