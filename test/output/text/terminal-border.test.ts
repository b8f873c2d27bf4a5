import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawing, guardTerminal, styled, writeCode } from '../../../src/output/text/terminal-border.ts';
import { createTheme } from '../../../src/output/text/theme.ts';
import { visibleText } from '../../../src/output/text/visible.ts';

/** A stream that records what it receives. */
function recorder(isTTY: boolean): { stream: NodeJS.WriteStream; written: () => string } {
  let written = '';
  const sink = new Writable({
    decodeStrings: false,
    write(piece: string | Buffer, _encoding, done) {
      written += String(piece);
      done();
    },
  });
  return {
    stream: Object.assign(sink, { isTTY, columns: 80, rows: 24 }) as unknown as NodeJS.WriteStream,
    written: () => written,
  };
}

const HOSTILE = 'a\u001b[31mred\u001b[2J\u001b]0;t\u0007\u001b]52;c;aGk=\u001b\\\u009b1A\rb\u0008\u202e\u200b\u007f\u0000\u001b';

describe('a terminal', () => {
  test('shows its input and executes nothing of it', () => {
    const { stream, written } = recorder(true);
    guardTerminal(stream).write(HOSTILE);
    expect(written()).toBe(visibleText(HOSTILE));
    expect(written()).toContain('␛[31mred␛[2J␛]0;t␇');
  });

  test('passes the styles of every theme that orx writes, and nothing else', () => {
    for (const name of ['auto', 'dark', 'light'] as const) {
      const { stream, written } = recorder(true);
      const { paint } = createTheme(name, stream, {});
      const guarded = guardTerminal(stream);
      const painted = (['heading', 'strong', 'emphasis', 'strike', 'link', 'dim', 'bad', 'name'] as const)
        .map((meaning) => paint([meaning, 'warning'], 'x'))
        .join('');
      styled(guarded).write(painted);
      expect(written()).toBe(painted);
      styled(guarded).write('\u001b[8mhidden\u001b[41m\u001b[7m\u001b[5m\u001b[1A\u001b[2K\r');
      expect(written()).toBe(`${painted}␛[8mhidden␛[41m␛[7m␛[5m␛[1A␛[2K␍`);
    }
  });

  test('stacks no more marks on a letter when they arrive in several writes', () => {
    const { stream, written } = recorder(true);
    const guarded = guardTerminal(stream);
    for (const text of ['e', '\u0301'.repeat(5), '\u0301'.repeat(30), '\n', 'e\u0301']) guarded.write(text);
    styled(guarded).write(`\u001b[33m${'\u0301'.repeat(30)}\u001b[39m`);
    expect(written()).toBe(`e${'\u0301'.repeat(8)}\ne\u0301\u001b[33m${'\u0301'.repeat(7)}\u001b[39m`);
  });

  test('accepts screen codes from the code that draws', () => {
    const { stream, written } = recorder(true);
    const codes =
      '\u001b[?25l\u001b[?1049h\u001b[H\u001b[2K\u001b[1A\u001b[12G\u001b[J\u001b[?2026h\r\u001b[33mx\u001b[39m\n\u001b[?2004l';
    drawing(guardTerminal(stream)).write(codes);
    expect(written()).toBe(codes);
    drawing(guardTerminal(stream)).write('\u001b]0;t\u0007\u001bc\u001b[?1000h\u001b[1;2r\u001b[6n');
    expect(written().slice(codes.length)).toBe('␛]0;t␇␛c␛[?1000h␛[1;2r␛[6n');
  });

  test('accepts a code that orx creates unchanged', () => {
    const { stream, written } = recorder(true);
    writeCode(guardTerminal(stream), '\u001b]52;c;aGk=\u0007');
    expect(written()).toBe('\u001b]52;c;aGk=\u0007');
  });

  test('has no way around the border for painted, drawn or written text', () => {
    const text = fc.array(
      fc.constantFrom('\u001b', '[', '0', '8', ';', 'm', 'A', 'J', 'c', ']', '\u009b', '\r', '\u202e', 'é', '\ud800'),
    );
    fc.assert(
      fc.property(text, (pieces) => {
        const { stream, written } = recorder(true);
        const guarded = guardTerminal(stream);
        const all = pieces.join('');
        guarded.write(all);
        expect(written()).toBe(visibleText(all));
        const { paint } = createTheme('dark', stream, {});
        const before = written().length;
        styled(guarded).write(paint(['bad'], all));
        const inside = written()
          .slice(before)
          .replace(/^\u001b\[91m|\u001b\[39m$/g, '');
        expect(inside).toBe(visibleText(all));
      }),
    );
  });

  test('is the same stream in every other respect', () => {
    const { stream } = recorder(true);
    const guarded = guardTerminal(stream);
    expect([guarded.isTTY, guarded.columns, guarded.rows]).toEqual([true, 80, 24]);
    const resized: string[] = [];
    guarded.on('resize', () => resized.push('yes'));
    stream.emit('resize');
    expect(resized).toEqual(['yes']);
  });
});

test('a pipe and a file get every byte, however it is written', () => {
  const { stream, written } = recorder(false);
  const guarded = guardTerminal(stream);
  expect(guarded).toBe(stream);
  guarded.write(HOSTILE);
  styled(guarded).write(HOSTILE);
  drawing(guarded).write(HOSTILE);
  expect(written()).toBe(HOSTILE.repeat(3));
});

describe('the source', () => {
  const sources = join(import.meta.dirname, '../../../src');
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(sources, path), 'utf8') }));

  test('writes to the process streams in one place', () => {
    // Files without external text: the version and the help, the first line on a terminal, and completion, which makes each of its
    // lines visible. The end of a line after ^C. Programs that orx starts for a key, and the one that reads the keychain, which answers orx.
    const allowed = new Set([
      'cli/streams.ts',
      'cli/main.ts',
      'cli/complete.ts',
      'cli/start/start.ts',
      'cli/start/waiting-line.ts',
      'cli/terminal/interrupt.ts',
      'cli/keychain/keychain.ts',
      'cli/keychain/keychain-process.ts',
      'cli/services/key-command.ts',
      'cli/services/run-key-program.ts',
    ]);
    const writes = /process\.(?:stdout|stderr)\b(?!\.(?:isTTY|on)\b)/;
    expect(files.filter(({ path, text }) => !allowed.has(path) && writes.test(text)).map(({ path }) => path)).toEqual([]);
  });

  test('writes painted text only where a terminal accepts styles', () => {
    const unstyled = /(?<!styled\([\w.]+\))\.write\(\s*(?:`[^`]*\$\{)?\s*[\w.()]*paint\(/;
    expect(files.filter(({ text }) => unstyled.test(text)).map(({ path }) => path)).toEqual([]);
    expect("stderr.write(`${paint(['bad'], text)}`)").toMatch(unstyled);
    expect("styled(streams.stderr).write(`${paint(['bad'], text)}`)").not.toMatch(unstyled);
  });
});
