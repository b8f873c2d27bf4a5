import { basename, extname, join, relative } from 'node:path';
import { usageError } from '../../../errors.ts';
import { parseDataDocument } from './documents.ts';
import { expectedUse } from './expected-text.ts';
import type { TestCase } from '../test-case.ts';
import { usageReason } from './promptfoo-tests.ts';
import { linesOf } from './rows.ts';
import { type EvaluationSource, type FormatReader, type ReadEvent, type ReadingChoices, unreadable } from './source.ts';

/** A text file is searched for a line `---` up to here. */
const PROMPT_FILES = /\.(?:md|txt|prompt)$/i;
const EXPECTED_FILE = /\.expected\.(?:txt|json)$/i;
/** Names that say what a file is and not which prompt: patterns of fabric are called NAME/system.md. */
const PLAIN_NAME = /^(?:system|prompt|user|index)$/i;

/** Reads a text file: a prompt a line, or with lines of `---` between them, prompts of several lines. */
export async function openText(file: string, source: EvaluationSource): Promise<FormatReader> {
  const isBlocks = PROMPT_FILES.test(file) && !/\.txt$/i.test(file) ? true : await hasSeparator(file, source);
  const isSingle = isBlocks && !/\.txt$/i.test(file);
  return {
    format: isSingle ? 'a prompt' : isBlocks ? 'prompts between lines of ---' : 'prompts, one a line',
    prompts: [],
    async *read(notes) {
      notes.say(isSingle ? 'the file → prompt' : isBlocks ? 'each part between lines of --- → prompt' : 'each line → prompt');
      let number = 0;
      for await (const { text, line } of isSingle
        ? whole(file, source)
        : isBlocks
          ? blocksOf(file, source)
          : textLines(file, source)) {
        if (text.trim() === '') continue;
        number += 1;
        yield { kind: 'test' };
        yield { kind: 'case', testCase: textCase(String(number), text, { file, line }) };
      }
    },
  };
}

/** Reads a folder: each .md, .txt or .prompt file is a prompt, and NAME.expected.txt or NAME.expected.json has its expected text. */
export async function openFolder(folder: string, source: EvaluationSource, { expect }: ReadingChoices): Promise<FormatReader> {
  const all = await source.glob(folder, '**/*');
  const files = all.filter((path) => PROMPT_FILES.test(path) && !EXPECTED_FILE.test(path));
  if (files.length === 0) throw usageError(`${folder} has no prompts`, 'a prompt is a file that ends with .md, .txt or .prompt');
  const others = all.length - files.length - all.filter((path) => EXPECTED_FILE.test(path)).length;
  return {
    format: 'folder of prompts',
    prompts: [],
    async *read(notes) {
      notes.say('each .md, .txt and .prompt file → prompt, its path → name');
      if (others > 0) notes.say(`${others === 1 ? '1 other file' : `${others} other files`} skipped`);
      for (const path of files) {
        try {
          yield* fileEvents(path);
        } catch (error) {
          yield unreadable({ file: path }, usageReason(error));
        }
      }
      async function* fileEvents(path: string): AsyncGenerator<ReadEvent> {
        const text = (await source.readText(path)).trim();
        if (text === '') throw usageError('the prompt is empty');
        const name = nameOf(relative(folder, path));
        const stem = path.slice(0, -extname(path).length);
        const beside = all.find((one) => one === `${stem}.expected.txt` || one === `${stem}.expected.json`);
        const found = beside === undefined ? [] : [await expectedIn(beside, source)];
        const { expectations, reference } = expectedUse(found, 'by length', expect, 'NAME.expected', notes);
        yield { kind: 'test' };
        yield { kind: 'case', testCase: { ...textCase(name, text, { file: path }), label: name, expectations, reference } };
      }
    },
  };
}

async function expectedIn(path: string, source: EvaluationSource): Promise<string> {
  const text = await source.readText(path);
  if (!path.toLowerCase().endsWith('.json')) return text.trim();
  const { value } = parseDataDocument(path, text);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function nameOf(path: string): string {
  const stem = path.slice(0, -extname(path).length);
  return PLAIN_NAME.test(basename(stem)) && stem !== basename(stem) ? join(stem, '..') : stem;
}

function textCase(id: string, text: string, origin: TestCase['origin']): TestCase {
  return {
    id,
    testId: id,
    tags: [],
    metadata: {},
    vars: {},
    prompt: [{ role: 'user', text }],
    followUps: [],
    expectations: [],
    origin,
  };
}

interface TextPart {
  text: string;
  line: number | undefined;
}

async function* whole(file: string, source: EvaluationSource): AsyncGenerator<TextPart> {
  yield { text: (await source.readText(file)).trim(), line: undefined };
}

async function* textLines(file: string, source: EvaluationSource): AsyncGenerator<TextPart> {
  let line = 0;
  for await (const text of linesOf(source.readPieces(file))) yield { text: text.trim(), line: (line += 1) };
}

async function* blocksOf(file: string, source: EvaluationSource): AsyncGenerator<TextPart> {
  let line = 0;
  let start = 1;
  let lines: string[] = [];
  for await (const text of linesOf(source.readPieces(file))) {
    line += 1;
    if (text.trimEnd() !== '---') lines.push(text);
    else {
      yield { text: lines.join('\n').trim(), line: start };
      start = line + 1;
      lines = [];
    }
  }
  yield { text: lines.join('\n').trim(), line: start };
}

async function hasSeparator(file: string, source: EvaluationSource): Promise<boolean> {
  for await (const text of linesOf(source.readPieces(file))) if (text.trimEnd() === '---') return true;
  return false;
}
