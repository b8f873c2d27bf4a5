import { fstatSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type * as Program from '../main.ts';
import { VERSION } from '../../version.ts';
import { findCommandRow } from '../help/command-table.ts';
import { type CodeCache, openCodeCache } from './code-cache.ts';
import { startFolders } from './folders.ts';
import { openPacks, type PackFiles } from './packs.ts';
import { quickText } from './quick-text.ts';
import { showWaitingLine } from './waiting-line.ts';

/** The build replaces this. */
declare const PACK_FILES: PackFiles;

/**
 * Runs orx with the process's arguments and streams. Resolves to the exit code; never rejects. `require` finds Node's modules and
 * the compiled library; `folder` has the files of the build.
 */
export async function start(require: NodeJS.Require, folder: string): Promise<number> {
  const args = process.argv.slice(2);
  if (printQuickly(args, folder)) return 0;
  const folders = startFolders(process.env);
  showWaitingLine(args, process.env, folders?.config);
  const cache = folders && openCache(args, folders.code);
  const code = await loadProgram(require, folder, cache).main();
  if (code === 0) cache?.write();
  return code;
}

/** Returns the program. It keeps what it loads. */
export function loadProgram(require: NodeJS.Require, folder: string, cache?: CodeCache): typeof Program {
  return openPacks(folder, PACK_FILES, require, cache).get('chat', 'main') as typeof Program;
}

function openCache(args: readonly string[], folder: string): CodeCache {
  return openCodeCache({
    folder,
    target: [process.version, process.platform, process.arch, ...process.execArgv, process.env['NODE_OPTIONS'] ?? ''].join(' '),
    command: `${commandOf(args)} ${isCharacterDevice() ? 'draws' : 'writes'}`,
    profile: profileOf(args),
    uid: process.getuid?.(),
  });
}

/** Returns the name of the command, or that of another one if the value of a flag is the same word: only speed depends on it. */
function commandOf(args: readonly string[]): string {
  for (const word of args) {
    const row = findCommandRow(word);
    if (row !== undefined) return row.name;
  }
  return 'chat';
}

/** Returns what decides which of its functions a command runs: its flags. */
function profileOf(args: readonly string[]): string {
  const flags = args.filter((word) => word.startsWith('-')).map((word) => word.replace(/=.*/s, ''));
  return [...new Set(flags)].toSorted().join(' ');
}

/**
 * Handles `--version` and `--help` without loading the program. Returns whether it has printed everything; otherwise the program
 * handles the arguments, also to report a failed write.
 */
function printQuickly(args: readonly string[], folder: string): boolean {
  const text = quickText(args, {
    version: () => VERSION,
    pages: () => readFileSync(join(folder, 'help.json'), 'utf8'),
    columns: () => (isCharacterDevice() ? process.stdout.columns : undefined),
  });
  if (text === undefined) return false;
  const bytes = Buffer.from(text);
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(1, bytes, written);
  } catch (error) {
    // A full non-blocking pipe.
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return false;
    process.stdout.write(bytes.subarray(written));
  }
  return true;
}

/** Creating the standard output stream takes some milliseconds, and only a terminal has columns. */
function isCharacterDevice(): boolean {
  try {
    return fstatSync(1).isCharacterDevice();
  } catch {
    return false;
  }
}
