import { templateVariables, type Template } from '../../core/request/template.ts';
import { OrxError } from '../../errors.ts';
import { jsonText } from '../../output/text/json.ts';
import type { Cell } from '../../output/table/table.ts';
import { visibleLine, visibleText } from '../../output/text/visible.ts';
import { write } from '../../output/text/write-stream.ts';
import type { TemplateFile, TemplateStore } from '../../storage/templates.ts';
import { parseTemplateFile } from '../prompt/read-template.ts';
import type { Context } from '../context.ts';
import type { PromptServices } from '../context/prompt-services.ts';
import {
  type ListOptions,
  parseList,
  parseNames,
  parseShow,
  parseWrite,
  type ShowOptions,
  type WriteOptions,
} from './template-options.ts';
import { showTable } from '../show-table.ts';

const START = `---
description: 
# model: deepseek/deepseek-chat
# temperature: 0.2
# system: You are …
# defaults:
#   to: English
---
{{input}}
`;

/** Lists the templates; one that cannot be read is listed with the reason. */
export const listTemplates = { parse: parseList, run: runList };

async function runList({ isJson }: ListOptions, context: Context): Promise<number> {
  const store = await context.stores.openTemplates();
  const rows = await Promise.all(store.list().map((file) => readRow(file, store)));
  if (isJson) {
    await write(context.terminal.streams.stdout, jsonText(rows.map(rowJson)));
    return 0;
  }
  if (rows.length === 0) context.terminal.streams.stderr.write('no templates; add one: orx templates add NAME\n');
  else {
    await showTable(context, {
      isSandbox: false,
      notes: [],
      table: () => ({
        columns: [
          { heading: 'template', align: 'left', dropOrder: 0 },
          { heading: 'variables', align: 'left', dropOrder: 0, cut: 'end' },
          { heading: 'description', align: 'left', dropOrder: 1, cut: 'end' },
        ],
        rows: rows.map(({ file, template, error }): Cell[] => [
          { text: visibleLine(file.name) },
          { text: template === undefined ? '' : visibleLine(variableList(template).join(' ')) },
          template === undefined
            ? { text: visibleLine(error ?? ''), tone: 'warning' }
            : { text: visibleLine(template.description ?? '') },
        ]),
      }),
    });
  }
  return 0;
}

export const showTemplate = { parse: parseShow, run: runShow };

async function runShow({ name, isJson }: ShowOptions, context: Context): Promise<number> {
  const { stdout } = context.terminal.streams;
  const file = (await context.stores.openTemplates()).read(name);
  if (isJson) {
    await write(stdout, jsonText(rowJson({ file, template: await parseTemplateFile(file) })));
    return 0;
  }
  const text = file.text.endsWith('\n') ? file.text : `${file.text}\n`;
  await write(stdout, stdout.isTTY ? visibleText(text) : text);
  return 0;
}

export const newTemplate = { parse: parseWrite, run: runNew };

async function runNew(options: WriteOptions, context: Context): Promise<number> {
  const { name, hasKeyboard } = options;
  const store = await context.stores.openTemplates();
  // Report an invalid name or one in use before the user writes anything.
  const path = store.pathOf(name);
  const given = await context.terminal.readStdin({ words: [], isQuiet: true });
  const text = given ?? (hasKeyboard ? await (await services(options, context)).editText(START) : START);
  await parseTemplateFile({ name, path, text, isYaml: false });
  context.terminal.streams.stderr.write(`created ${visibleLine(store.create(name, text))}\n`);
  return 0;
}

export const editTemplate = { parse: parseWrite, run: runEdit };

async function runEdit(options: WriteOptions, context: Context): Promise<number> {
  const { name } = options;
  const store = await context.stores.openTemplates();
  const { path } = store.read(name);
  await (await services(options, context)).editFile(path);
  await parseTemplateFile(store.read(path));
  return 0;
}

export const templatePath = { parse: parseNames, run: runPath };

async function runPath([name]: readonly string[], context: Context): Promise<number> {
  const store = await context.stores.openTemplates();
  await write(context.terminal.streams.stdout, `${name === undefined ? store.folder : store.read(name).path}\n`);
  return 0;
}

export const removeTemplates = { parse: parseNames, run: runRemove };

async function runRemove(names: readonly string[], context: Context): Promise<number> {
  const store = await context.stores.openTemplates();
  for (const name of names) context.terminal.streams.stderr.write(`removed ${visibleLine(store.remove(name))}\n`);
  return 0;
}

interface Row {
  file: Pick<TemplateFile, 'name' | 'path'>;
  template?: Template | undefined;
  error?: string | undefined;
}

async function readRow(file: Row['file'], store: TemplateStore): Promise<Row> {
  try {
    return { file, template: await parseTemplateFile(store.read(file.path)) };
  } catch (error) {
    if (!(error instanceof OrxError)) throw error;
    return { file, error: error.message };
  }
}

function rowJson({ file, template, error }: Row): Record<string, unknown> {
  if (template === undefined) return { name: file.name, path: file.path, error };
  const { description = null, prompt, system = null, defaults, settings, schema = null, options } = template;
  const variables = templateVariables(template);
  return { name: file.name, path: file.path, description, variables, defaults, settings, options, schema, system, prompt };
}

/** Returns the variables, such as `to=English` for one with a default. */
function variableList(template: Template): readonly string[] {
  return templateVariables(template).map((name) => {
    const fallback = template.defaults[name];
    return fallback === undefined ? name : `${name}=${fallback}`;
  });
}

async function services({ settings }: WriteOptions, context: Context): Promise<PromptServices> {
  return context.files.openPromptServices(settings);
}
