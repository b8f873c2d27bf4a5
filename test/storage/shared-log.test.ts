import { spawn } from 'node:child_process';
import { appendFileSync, chmodSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type LogReplica, openSharedLog, type SharedLog } from '../../src/storage/shared-log.ts';
import { bundleWorker } from '../support/bundle-worker.ts';
import { tempFolder } from '../support/temp-home.ts';

interface Opened extends SharedLog {
  lines: string[];
}

/** A replica that keeps all lines. */
function open(folder: string, options: { longestBytes?: number; monotonic?: () => number } = {}): Opened {
  const lines: string[] = [];
  const replica: LogReplica = {
    apply: (line) => void lines.push(line),
    snapshot: () => JSON.stringify(lines),
    restore(snapshot) {
      lines.splice(0, lines.length, ...(snapshot === '' ? [] : (JSON.parse(snapshot) as string[])));
    },
  };
  const log = openSharedLog(replica, { folder, ...options });
  onTestFinished(() => log.close());
  return Object.assign(log, { lines });
}

describe('a log of several processes', () => {
  test('has the same lines in the same order for all of them, across files of any length', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ writer: fc.nat(3), isTold: fc.boolean() }), { maxLength: 60 }),
        fc.integer({ min: 10, max: 400 }),
        (steps, longestBytes) => {
          const folder = join(tempFolder(), 'log');
          const logs = Array.from({ length: 4 }, () => open(folder, { longestBytes }));
          steps.forEach(({ writer, isTold }, index) => {
            const line = `line ${index} of ${writer}`;
            logs[writer]![isTold ? 'tell' : 'append'](line);
            expect(isTold || logs[writer]!.lines.includes(line)).toBe(true);
          });
          // Twice, because a line that was told may be repeated in the next file.
          for (const round of [1, 2]) for (const [index, log] of logs.entries()) log.append(`end ${round} ${index}`);
          const last = open(folder, { longestBytes }).lines;
          expect(last.filter((line) => line.startsWith('line')).toSorted()).toEqual(
            steps.map(({ writer }, index) => `line ${index} of ${writer}`).toSorted(),
          );
          for (const log of logs) expect(log.lines).toEqual(last.slice(0, log.lines.length));
          expect(readdirSync(folder).filter((name) => name.endsWith('.log')).length).toBeLessThanOrEqual(2);
          for (const log of logs) log.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  test('loses no line of processes that write at once, although its files are short', async () => {
    const [processes, lines, longestBytes] = [3, 300, 1000];
    const folder = join(tempFolder(), 'log');
    const worker = await bundleWorker('shared-log-worker', tempFolder());
    const children = Array.from({ length: processes }, (_, index) =>
      spawn(process.execPath, [worker, folder, String(lines), String(longestBytes), `p${index}`], {
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    );
    onTestFinished(() => children.forEach((child) => child.kill('SIGKILL')));
    const outputs = children.map((child) => child.stdout.setEncoding('utf8')[Symbol.asyncIterator]());
    const written = await Promise.all(outputs.map(async (output) => (await output.next()).value as string));
    expect(written).toEqual(written.map(() => '{"missed":0}\n'));
    for (const child of children) child.stdin.end();
    const seen = await Promise.all(outputs.map(async (output) => JSON.parse((await output.next()).value as string) as unknown));
    expect(seen).toEqual(seen.map(() => ({ ...(seen[0] as object), seen: processes * lines })));
    expect(readdirSync(folder).length).toBeLessThanOrEqual(3);
  });

  test('a process that was away finds the latest file', () => {
    const folder = join(tempFolder(), 'log');
    const away = open(folder, { longestBytes: 50 });
    away.append('first');
    const busy = open(folder, { longestBytes: 50 });
    for (let index = 0; index < 20; index += 1) busy.append(`busy ${index}`);
    away.append('back');
    expect(away.lines).toEqual(['first', ...Array.from({ length: 20 }, (_, index) => `busy ${index}`), 'back']);
  });

  test('a line that was written in part, and other damage, are ignored', () => {
    const folder = join(tempFolder(), 'log');
    const log = open(folder);
    log.append('one');
    appendFileSync(join(folder, '0.log'), '\npart of a li');
    log.append('two');
    appendFileSync(join(folder, '0.log'), Buffer.from([0, 255, 10, 10, 59]));
    expect(open(folder).lines).toEqual(['one', 'two']);
  });
});

describe('a log that cannot be used', () => {
  test('applies its lines to this process alone, and is used again later', () => {
    const home = tempFolder();
    const folder = join(home, 'log');
    writeFileSync(folder, 'a file in place of the folder');
    let now = 0;
    const log = open(folder, { monotonic: () => now });
    log.append('alone');
    log.tell('also alone');
    expect(log.lines).toEqual(['alone', 'also alone']);
    rmSync(folder);
    now = 5000;
    log.append('shared');
    expect(open(folder).lines).toEqual(['shared']);
    chmodSync(folder, 0o700);
  });

  test('a deleted file is noticed', () => {
    const folder = join(tempFolder(), 'log');
    let now = 0;
    const log = open(folder, { monotonic: () => now });
    log.append('before');
    rmSync(folder, { recursive: true });
    now = 2000;
    log.append('after');
    expect(open(folder).lines).toEqual(['after']);
  });

  test('a closed one counts alone', () => {
    const folder = join(tempFolder(), 'log');
    const log = open(folder);
    log.close();
    log.append('late');
    expect([log.lines, open(folder).lines]).toEqual([['late'], []]);
  });
});

test('a process that has ended is known to have', () => {
  const log = open(join(tempFolder(), 'log'));
  const [, scope, random] = log.owner.split('-');
  expect(log.isGone(log.owner)).toBe(false);
  expect(log.isGone(`999999999-${scope}-${random}`)).toBe(true);
  expect(log.isGone(`999999999-elsewhere-${random}`)).toBe(false);
});
