import type { RequestOverrides } from '../../core/request/chat-request.ts';
import { templateLayer } from '../../core/settings/layers.ts';
import { checkSettings } from '../../core/settings/resolve.ts';
import type { CheckAnswer } from '../../core/schema/check-answer.ts';
import type { JsonSchema } from '../../core/schema/parse-schema.ts';
import type { SchemaFormat } from '../../core/schema/schema-format.ts';
import type { ResolvedSettings, SettingKey } from '../../core/settings/settings.ts';
import type { Template } from '../../core/request/template.ts';
import { type OrxError, usageError } from '../../errors.ts';
import type { ContentPart, Message } from '../../apis/message.ts';
import { readPieces } from './compose.ts';
import type { Context } from '../context.ts';
import type { PromptServices } from '../context/prompt-services.ts';
import type { PromptFlags } from './flags.ts';
import { parseTemplateFile, templateValues } from './read-template.ts';
import type { SettingFlags } from '../register.ts';

/** The prompt of a chat or a comparison and everything given with it, before anything is opened or sent. */
export interface PreparedPrompt {
  /** The settings in force; those of the template rank between flags and environment. */
  resolved: ResolvedSettings;
  /** Undefined: there is no prompt, and a conversation starts. */
  content: Message['content'] | undefined;
  /** Request fields that do not come from settings. */
  overrides: RequestOverrides;
  /** Checks an answer against the requested format, if there is one. */
  checkAnswer: CheckAnswer | undefined;
  /** The template's name, for the ledger. */
  template: string | undefined;
  services: () => Promise<PromptServices>;
}

/**
 * Reads everything that the flags name: the settings, with those of the template between flags and environment, the prompt and
 * the schema. Sends nothing.
 */
export async function preparePrompt(
  input: {
    words: readonly string[];
    flags: SettingFlags;
    prompt: PromptFlags;
    refusal?: OrxError | undefined;
    /** Reads the text and media of the prompt. Default: readPieces. */
    read?: typeof readPieces | undefined;
  },
  keys: readonly SettingKey[],
  isQuiet: boolean,
  context: Context,
  /** Called when the settings are known and valid, before the prompt is read. */
  onSettings: (settings: ResolvedSettings['values']) => void = () => undefined,
): Promise<PreparedPrompt> {
  const options = input.prompt;
  if (options.template === undefined && options.param !== undefined)
    throw usageError('-p needs a template', 'name a template: -t NAME');
  const file = options.template === undefined ? undefined : (await context.stores.openTemplates()).read(options.template);
  const template = file === undefined ? undefined : await parseTemplateFile(file);
  const resolve = (system?: string): ResolvedSettings =>
    template === undefined
      ? context.stores.resolveSettings(input.flags)
      : context.stores.resolveSettings(
          input.flags,
          templateLayer(file!.name, { ...template.settings, ...(system !== undefined && { system }) }),
        );
  const resolved = resolve();
  const settings = resolved.values;
  checkSettings(settings, keys);
  onSettings(settings);
  if (!isQuiet) await tellProjectFile(resolved, context);
  let opened: Promise<PromptServices> | undefined;
  const services = (): Promise<PromptServices> => (opened ??= context.files.openPromptServices(settings));
  const extra = await readExtra(options, template);
  const format = await readFormat(options.schema ?? template?.schema, services);
  const { text, media, isPiped } = await (input.read ?? readPieces)(input.words, options, services, isQuiet, context.terminal);
  if (input.refusal !== undefined && !isPiped) throw input.refusal;
  const filled = template === undefined ? undefined : await fill(template, options, text);
  return {
    resolved: filled?.system === undefined ? resolved : resolve(filled.system),
    content: contentOf(filled === undefined ? text : filled.prompt, media),
    overrides: {
      ...(extra === undefined ? {} : { extra }),
      ...(format === undefined ? {} : { responseFormat: format }),
    },
    checkAnswer:
      format === undefined ? undefined : (await import('../../core/schema/check-answer.ts')).answerChecker(format.schema),
    template: file?.name,
    services,
  };
}

/** Says which settings the project file has chosen, once for each content of the file: it may come with somebody else's repository. */
async function tellProjectFile({ sources }: ResolvedSettings, context: Context): Promise<void> {
  const keys = Object.entries(sources).flatMap(([key, { source }]) => (source === 'project' ? [key] : []));
  const path = keys.length === 0 ? undefined : await context.stores.noteProjectFile();
  if (path === undefined) return;
  const { visibleLine } = await import('../../output/text/visible.ts');
  const text = `the project file ${path} sets ${keys.join(', ')}; ignore it: --no-project-file`;
  context.terminal.streams.stderr.write(`note: ${visibleLine(text)}\n`);
}

async function readExtra(
  { option = [] }: PromptFlags,
  template: Template | undefined,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const own = template?.options ?? {};
  if (option.length === 0 && Object.keys(own).length === 0) return undefined;
  const { refuseOwn, refuseSeveralAnswers, wireOptions } = await import('../../core/request/wire-options.ts');
  refuseOwn(own, 'the options of a template');
  refuseSeveralAnswers(own, 'the options of a template');
  return { ...own, ...wireOptions(option) };
}

async function readFormat(text: string | undefined, services: () => Promise<PromptServices>): Promise<SchemaFormat | undefined> {
  if (text === undefined) return undefined;
  const { schemaFormat } = await import('../../core/schema/schema-format.ts');
  return schemaFormat(await readSchema(text, services));
}

async function readSchema(text: string, services: () => Promise<PromptServices>): Promise<JsonSchema> {
  const { parseFieldList, parseJsonSchema } = await import('../../core/schema/parse-schema.ts');
  if (text.trimStart().startsWith('{')) return parseJsonSchema('--schema', text);
  if (!/[\\/]|\.json$/i.test(text) || text.includes(',')) return parseFieldList(text);
  const [file] = await (await services()).readTexts(text, { allowPrivate: false });
  return parseJsonSchema(text, file?.text ?? '');
}

async function fill(
  template: Template,
  { param = [] }: PromptFlags,
  text: string | undefined,
): Promise<{ prompt: string; system: string | undefined }> {
  const { fillTemplate } = await import('../../core/request/template.ts');
  return fillTemplate(template, templateValues(param), text);
}

/** Returns the content of a message; undefined if it is empty. Text comes before media, as providers recommend. */
export function contentOf(text: string | undefined, media: readonly ContentPart[]): Message['content'] | undefined {
  const hasText = text !== undefined && text.trim() !== '';
  if (media.length === 0) return hasText ? text : undefined;
  return hasText ? [{ type: 'text', text }, ...media] : media;
}
