import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { answerPieces, startApiServer, sendPieces } from '../support/api-server.ts';
import { COLOR, NO_COLOR, rowsOfPieces, withoutStyles } from '../support/markdown-screen.ts';
import { hasRecordings, randomPieces } from '../support/recordings.ts';
import { openTerminal } from '../support/terminal.ts';

const FOLDER = fileURLToPath(new URL('../../../shared/fixtures/markdown-answers', import.meta.url));

interface Answer {
  id: string;
  text: string;
}

function answersOf(name: string): Answer[] {
  return readFileSync(`${FOLDER}/${name}`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Returns the characters that must be readable on the screen: all letters, digits, marks and symbols that are not markup. */
const characters = (text: string): string => text.replaceAll(/[^\p{L}\p{N}\p{M}\p{So}\p{Sc}]|[\u2500-\u257f▣]/gu, '');
const widest = (rows: readonly string[]): number => rows.reduce((most, row) => Math.max(most, stringWidth(row)), 0);
const sorted = (text: string): string => Array.from(text).sort().join('');
/** Returns the rows outside tables: wrapped cells are side by side, so a table reads in a different order. */
function withoutTables(rows: readonly string[]): string[] {
  const isTable = rows.map((row) => row.includes('─┼─'));
  for (const [rule, isRule] of rows.map((row) => row.includes('─┼─')).entries()) {
    if (!isRule) continue;
    for (let at = rule - 1; rows[at]?.includes('│') === true; at -= 1) isTable[at] = true;
    for (let at = rule + 1; rows[at]?.includes('│') === true; at += 1) isTable[at] = true;
  }
  return rows.filter((_, at) => !isTable[at]);
}
const isTableLine = (line: string): boolean => /^\s*\|/.test(line);

/** Returns the source without markup made of letters: a line break in a cell, and a link whose text is its URL. */
function withoutMarkup(source: string): string {
  return source
    .replaceAll(/\[([^\]]+)\]\(\1\)/g, '$1')
    .split('\n')
    .map((line) => (isTableLine(line) ? line.replaceAll(/<br\s*\/?>/g, ' ') : line))
    .join('\n');
}

const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.jsonl')) : [];

describe.runIf(hasRecordings('markdown-answers'))('recorded answers', () => {
  test.each(files)('%s: no character is lost at 40, 80 and 120 columns', async (name) => {
    for (const { id, text } of answersOf(name)) {
      const source = withoutMarkup(text);
      const pieces = randomPieces(Buffer.from(text), text.length).map((piece) => piece.toString('latin1'));
      const decoder = new TextDecoder();
      const decoded = pieces.map((piece) => decoder.decode(Buffer.from(piece, 'latin1'), { stream: true }));
      for (const width of [40, 80, 120]) {
        for (const theme of [COLOR, NO_COLOR]) {
          const rows = withoutStyles(await rowsOfPieces(decoded, width, theme));
          expect(widest(rows)).toBeLessThanOrEqual(width);
          expect({ id, width, text: sorted(characters(rows.join(''))) }).toEqual({ id, width, text: sorted(characters(source)) });
          const all = source.split('\n');
          const isInTable = (index: number): boolean =>
            isTableLine(all[index]!) && (isTableLine(all[index + 1] ?? '') || isTableLine(all[index - 1] ?? ''));
          const lines = all.filter((_, index) => !isInTable(index));
          expect({ id, width, text: characters(withoutTables(rows).join('')) }).toEqual({
            id,
            width,
            text: characters(lines.join('')),
          });
        }
      }
    }
  });

  test('the longest of each file is complete on a real screen', async () => {
    for (const [index, name] of files.entries()) {
      const { text } = answersOf(name).toSorted((one, other) => other.text.length - one.text.length)[0]!;
      const columns = [40, 80, 120][index % 3]!;
      const pieces = text.match(/[\s\S]{1,40}/gu) ?? [];
      const server = await startApiServer((_, response) => sendPieces(response, answerPieces(pieces)));
      const terminal = openTerminal(['chat', 'hi', '-q'], {
        columns,
        env: { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef', OPENROUTER_BASE_URL: server.url },
      });
      expect(await terminal.exit).toBe(0);
      const rows = await terminal.everything();
      expect({ name, text: sorted(characters(rows.join(''))) }).toEqual({ name, text: sorted(characters(withoutMarkup(text))) });
      expect(terminal.raw()).not.toMatch(/\u001b\[[23]J|\u001bc|\u001b\[\?1049h|\u001b\[H/);
    }
  });
});
