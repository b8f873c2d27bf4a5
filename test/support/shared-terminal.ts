import xterm from '@xterm/headless';
import { tempFolder } from './temp-home.ts';
import { runInTerminal } from './terminal-host.ts';
import type { TerminalRun } from './terminal.ts';

interface SharedTerminalOptions {
  columns?: number;
  home?: string;
  env?: Record<string, string>;
}

/**
 * Runs the built program in a pseudo-terminal, for commands that print and end: it is openTerminal with a process that has run the program before.
 * `raw` and `everything` have the output once the program has ended.
 */
export function openSharedTerminal(
  args: readonly string[],
  { columns = 80, home = tempFolder(), env = {} }: SharedTerminalOptions = {},
): Pick<TerminalRun, 'exit' | 'everything' | 'raw'> {
  let raw = '';
  const exit = runInTerminal(columns, { args, home, env }).then(({ code, bytes }) => {
    raw = bytes.toString();
    return code;
  });
  return {
    exit,
    raw: () => raw,
    async everything() {
      await exit;
      const emulator = new xterm.Terminal({ cols: columns, rows: 24, scrollback: 100_000, allowProposedApi: true });
      await new Promise<void>((resolve) => emulator.write(raw, resolve));
      const { active } = emulator.buffer;
      const lines = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '');
      emulator.dispose();
      return lines;
    },
  };
}
