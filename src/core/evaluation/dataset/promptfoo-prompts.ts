import { OrxError, usageError } from '../../../errors.ts';
import { renderTextTemplate, type TemplateValues } from '../template/render-text.ts';
import type { TestMessage } from '../test-case.ts';
import { parseDataDocument } from './documents.ts';
import { checkKeys } from './promptfoo-keys.ts';
import { isCodeReference, isFileReference, type References, withoutScheme } from './references.ts';
import { csvRows, jsonRows } from './rows.ts';
import { objectOf, type ReadingNotes, scalarIn } from './source.ts';

/** A prompt of a configuration, before its variables are replaced. */
export interface PromptTemplate {
  /** Its label, id or file; a number for a prompt without any. */
  name: string;
  text: string;
  place: string;
}

/** Returns the prompts of a configuration in order. Code is noted and left out. Throws kind `usage`. */
export async function readPrompts(
  value: unknown,
  file: string,
  references: References,
  notes: ReadingNotes,
): Promise<PromptTemplate[]> {
  const reader = new PromptReader(file, references, notes);
  const map = objectOf(value);
  // The old form { 'prompt.txt': 'label' }.
  if (map !== undefined) for (const [path, label] of Object.entries(map)) await reader.entry(path, scalarIn(label));
  else for (const entry of Array.isArray(value) ? value : [value]) await reader.any(entry);
  return reader.prompts;
}

class PromptReader {
  readonly prompts: PromptTemplate[] = [];
  readonly #file: string;
  readonly #references: References;
  readonly #notes: ReadingNotes;

  constructor(file: string, references: References, notes: ReadingNotes) {
    this.#file = file;
    this.#references = references;
    this.#notes = notes;
  }

  async any(entry: unknown): Promise<void> {
    const fields = objectOf(entry);
    if (fields === undefined) {
      const text = scalarIn(entry);
      if (text === undefined) throw usageError(`${this.#file}: a prompt is neither text nor an object`);
      return this.entry(text, undefined);
    }
    checkKeys(fields, 'prompt', this.#notes, this.#file);
    const name = scalarIn(fields['label']) ?? scalarIn(fields['display']) ?? scalarIn(fields['id']);
    const raw = scalarIn(fields['raw']) ?? scalarIn(fields['file']) ?? scalarIn(fields['id']);
    if (raw === undefined) throw usageError(`${this.#file}: a prompt has neither raw text nor a file`);
    return this.entry(raw, name === raw ? undefined : name);
  }

  async entry(text: string, label: string | undefined): Promise<void> {
    if (isCodeReference(text)) {
      this.#notes.addNotRun('prompt', text, 'orx does not run code from files');
      return;
    }
    if (!isFileReference(text)) {
      this.#add(label, text, `${this.#file}, prompt ${this.prompts.length + 1}`);
      return;
    }
    for (const path of await this.#references.paths(text, this.#file)) await this.#fromFile(path, label);
  }

  async #fromFile(path: string, label: string | undefined): Promise<void> {
    if (isCodeReference(path)) {
      this.#notes.addNotRun('prompt', path, 'orx does not run code from files');
      return;
    }
    const name = label ?? withoutScheme(path);
    const rows = /\.(?:jsonl|ndjson)$/i.test(path) ? jsonRows : /\.[ct]sv$/i.test(path) ? csvRows : undefined;
    if (rows === undefined) {
      const pieces = await this.#pieces(path);
      for (const [index, text] of pieces.entries()) this.#add(pieces.length === 1 ? name : `${name} #${index + 1}`, text, path);
      return;
    }
    let number = 0;
    for await (const row of rows(this.#references.readPieces(path))) {
      if ('reason' in row) throw usageError(`${path}, line ${row.line}: ${row.reason}`);
      number += 1;
      const { text, label: own } = rowPrompt(row.value);
      this.#add(own ?? `${name} #${number}`, text, `${path}, line ${row.line}`);
    }
  }

  /** A text file has several prompts, separated by lines of `---`. */
  async #pieces(path: string): Promise<string[]> {
    const text = await this.#references.text(path);
    if (!/\.(?:txt|prompt)$/i.test(path)) return [text.trim()];
    const pieces = text.split(/^---[ \t]*$/m).map((piece) => piece.trim());
    return pieces.filter((piece) => piece !== '');
  }

  #add(name: string | undefined, text: string, place: string): void {
    this.prompts.push({ name: name ?? `${this.prompts.length + 1}`, text, place });
  }
}

/** A line of a prompt file: text, a list of messages, or an object with a prompt and perhaps a label. */
function rowPrompt(value: unknown): { text: string; label?: string | undefined } {
  const fields = objectOf(value);
  if (fields === undefined) return { text: typeof value === 'string' ? value : JSON.stringify(value) };
  const columns = Object.keys(fields);
  const prompt = fields['prompt'] ?? fields['raw'] ?? (columns.length === 1 ? fields[columns[0]!] : undefined);
  if (prompt === undefined) return { text: JSON.stringify(value) };
  return { text: typeof prompt === 'string' ? prompt : JSON.stringify(prompt), label: scalarIn(fields['label']) };
}

/**
 * Returns the messages of a prompt with its variables replaced. JSON and YAML that is a list of messages becomes a conversation; its strings are
 * replaced one by one, so that a value with a quote stays valid. Text with loops is replaced first and parsed then. Throws kind `usage`.
 */
export function renderPrompt(
  { text, place }: PromptTemplate,
  vars: TemplateValues,
  around: { prefix: string; suffix: string },
): TestMessage[] {
  const whole = `${around.prefix}${text}${around.suffix}`;
  const trimmed = whole.trim();
  const given = parsedChat(trimmed, place);
  if (given !== undefined) return messagesOf(renderedStrings(given, vars, place), place);
  const rendered = renderTextTemplate(whole, vars, place);
  const chat = rendered === whole ? undefined : parsedChat(rendered.trim(), place);
  return chat === undefined ? [{ role: 'user', text: rendered }] : messagesOf(chat, place);
}

/** Returns JSON or YAML that is a list of messages, else undefined. */
function parsedChat(text: string, place: string): unknown[] | undefined {
  let value: unknown;
  if (text.startsWith('[')) {
    try {
      value = JSON.parse(text);
    } catch {
      return undefined;
    }
  } else if (/^(?:#[^\n]*\n\s*)*-\s+['"]?role['"]?\s*:/.test(text)) {
    try {
      ({ value } = parseDataDocument(`${place}.yaml`, text));
    } catch (error) {
      if (error instanceof OrxError) return undefined;
      throw error;
    }
  }
  return Array.isArray(value) && value.length > 0 && value.every((one) => objectOf(one)?.['role'] !== undefined)
    ? value
    : undefined;
}

/** Replaces the variables in all strings of a JSON value. */
export function renderedStrings<T>(value: T, vars: TemplateValues, place: string, unknownName: 'throw' | 'keep' = 'throw'): T {
  const rendered = (one: unknown): unknown => {
    if (typeof one === 'string') return renderTextTemplate(one, vars, place, unknownName);
    if (Array.isArray(one)) return one.map(rendered);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, item]) => [key, rendered(item)]));
  };
  return rendered(value) as T;
}

/** Returns messages in orx's form. Few-shot examples that OpenAI writes as system messages with a name become turns. Throws kind `usage`. */
export function messagesOf(list: readonly unknown[], place: string): TestMessage[] {
  return list.map((one) => {
    const { role, content, name } = objectOf(one) ?? {};
    const known = role === 'human' ? 'user' : role === 'developer' ? 'system' : role === 'model' ? 'assistant' : role;
    const own = name === 'example_user' ? 'user' : name === 'example_assistant' ? 'assistant' : known;
    if (own !== 'system' && own !== 'user' && own !== 'assistant')
      throw usageError(`${place}: a message has the role ${JSON.stringify(role)}`, 'use system, user or assistant');
    return { role: own, text: contentText(content, place) };
  });
}

function contentText(content: unknown, place: string): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw usageError(`${place}: a message has no text`);
  return content
    .map((part) => {
      const text = typeof part === 'string' ? part : objectOf(part)?.['text'];
      if (typeof text !== 'string')
        throw usageError(`${place}: a message has a part that is not text`, 'a comparison sends text only');
      return text;
    })
    .join('');
}
