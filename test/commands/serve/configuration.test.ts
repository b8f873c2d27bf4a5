import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Context } from '../../../src/commands/context.ts';
import { Configuration } from '../../../src/commands/serve/configuration.ts';
import { ServerNotes } from '../../../src/commands/serve/server-notes.ts';
import { usageError } from '../../../src/errors.ts';
import { tempFolder } from '../../support/temp-home.ts';

const MODELS = 'models: {chat: "openai:m"}\n';

/** Opens a configuration whose watchers the test calls. */
async function open() {
  const path = join(tempFolder(), 'gateway.yaml');
  writeFileSync(path, MODELS);
  const watchers = new Set<() => void>();
  let reads = 0;
  let hangUp = (): void => undefined;
  let readable: Promise<void> = Promise.resolve();
  const files = {
    async readFileText(file: string) {
      reads += 1;
      await readable;
      try {
        return readFileSync(file, 'utf8');
      } catch {
        throw usageError('the file does not exist');
      }
    },
    watchFile: (_: string, onChange: () => void) => {
      watchers.add(onChange);
      return () => void watchers.delete(onChange);
    },
  };
  const lifetime = { interrupt: new AbortController().signal, onHangup: (work: () => void) => void (hangUp = work) };
  const context = { files, lifetime, clock: { sleep: async () => undefined }, env: {} } as unknown as Context;
  const notes = new ServerNotes();
  const configuration = await Configuration.open(path, [], context, notes);
  configuration.watch(async () => []);
  /** Returns the notes of the reading that `work` causes. Once the file has been read, nothing waits for anything else. */
  const notesOf = async (work: () => void): Promise<readonly string[]> => {
    const before = reads;
    work();
    await expect.poll(() => reads).toBe(before + 1);
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    return notes.drain();
  };
  return {
    path,
    changed: () => notesOf(() => watchers.forEach((onChange) => onChange())),
    hungUp: () => notesOf(() => hangUp()),
    /** Closes the configuration while it reads a file, then ends that reading. Returns its notes and the number of files that are watched. */
    async closedWhileReading(): Promise<{ notes: readonly string[]; watched: number }> {
      let finish = (): void => undefined;
      readable = new Promise((resolve) => (finish = resolve));
      const written = await notesOf(() => {
        for (const onChange of watchers) onChange();
      });
      configuration.close();
      finish();
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      return { notes: [...written, ...notes.drain()], watched: watchers.size };
    },
  };
}

test('a problem of the configuration is in the notes once, and again if the user asks or it comes back', async () => {
  const { path, changed, hungUp } = await open();
  const missing = 'the file does not exist; the old configuration stays in effect';
  const applied = 'gateway.yaml was read again and is now in effect';
  expect(await changed()).toEqual([]);
  rmSync(path);
  expect([await changed(), await changed(), await hungUp(), await changed()]).toEqual([[missing], [], [missing], []]);
  writeFileSync(path, MODELS);
  expect([await changed(), await changed()]).toEqual([[applied], []]);
  rmSync(path);
  expect(await changed()).toEqual([missing]);
});

test.each([
  ['that is valid', 'models: {other: "openai:m"}\n'],
  ['that is not', 'models: [\n'],
  ['that is missing', undefined],
])('a file %s has no effect if the gateway has stopped before it was read', async (_, text) => {
  const { path, closedWhileReading } = await open();
  if (text === undefined) rmSync(path);
  else writeFileSync(path, text);
  expect(await closedWhileReading()).toEqual({ notes: [], watched: 0 });
});

test('a problem that each request has is in the notes until another one follows', () => {
  const notes = new ServerNotes();
  for (const problem of ['full', 'full', 'locked', 'full']) notes.addOnce(problem);
  expect(notes.drain()).toEqual(['full', 'locked', 'full']);
});
