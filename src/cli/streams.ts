import type { Streams } from '../commands/context/terminal.ts';
import { guardTerminal } from '../output/text/terminal-border.ts';
import { openLate } from './terminal/late-output.ts';

let stdout: NodeJS.WriteStream | undefined;
let stderr: NodeJS.WriteStream | undefined;

/** The process's streams. orx writes to no others. Each is opened on first use, because that takes time. */
export const streams: Streams = {
  get stdin() {
    return process.stdin;
  },
  get stdout() {
    return (stdout ??= openLate('stdout') ?? guardTerminal(process.stdout));
  },
  get stderr() {
    return (stderr ??= openLate('stderr') ?? guardTerminal(process.stderr));
  },
};
