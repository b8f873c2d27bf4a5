import { type Api, capability } from '../../apis/api.ts';
import type { RawReply, RawTarget } from '../../apis/raw-call.ts';
import { fieldsObject, type RawField } from '../../core/raw-api/fields.ts';
import { mayCost } from '../../core/raw-api/may-cost.ts';
import { nextPage } from '../../core/raw-api/next-page.ts';
import { exactJson } from '../../text/exact-json.ts';
import { STANDARD_INPUT, utf8Text } from '../../text/utf8.ts';
import type { Context } from '../context.ts';
import { printNotes } from '../print-notes.ts';
import { parseRawApi, type RawApiOptions } from './options.ts';
import { openRawRecord } from './record.ts';
import { refuseBinary, showReply } from './show-reply.ts';

/** `orx api`: sends a request of the user, and prints the reply. Throws the API's error after it has printed its body. */
export const rawApi = { parse: parseRawApi, run: runRawApi };

type Body = string | Uint8Array | undefined;

async function runRawApi(options: RawApiOptions, context: Context): Promise<number> {
  const { settings, method } = options;
  const api = await context.apis.for(settings).open();
  const target = capability(api, 'raw').resolve(options.path);
  refuseBinary(target.path, context);
  const values = await readFields(options.fields, context);
  if (options.hasQuery)
    for (const field of options.fields) target.url.searchParams.append(field.key, queryText(values.get(field)));
  const body = await bodyOf(options, values, context);
  printNotes(context, [], settings.sandbox);
  if (options.paginate) await showPages(api, target, options, context);
  else if (mayCost(method, target)) await sendRecorded(api, target, body, options, context);
  else await finish(await send(api, target, body, options, context), options, context);
  return 0;
}

/** Prints a reply. Throws its error afterwards. */
async function finish(reply: RawReply, { showsHead, paginate }: RawApiOptions, context: Context): Promise<string> {
  const text = await showReply(reply, { showsHead, keepsText: paginate }, context);
  if (reply.error !== undefined) throw reply.error;
  return text;
}

async function sendRecorded(api: Api, target: RawTarget, body: Body, options: RawApiOptions, context: Context): Promise<void> {
  const record = await openRawRecord(api, body, target, options, context);
  try {
    const reply = await send(api, target, body, options, context);
    record.begin(reply);
    await finish(reply, options, context);
    record.end(reply);
  } catch (error) {
    await record.fail(error);
    throw error;
  } finally {
    await record.close();
  }
}

async function showPages(api: Api, first: RawTarget, options: RawApiOptions, context: Context): Promise<void> {
  let target: RawTarget | undefined = first;
  let before: string | undefined;
  const seen = new Set<string>();
  while (target !== undefined && !seen.has(target.url.href)) {
    seen.add(target.url.href);
    const text: string = await finish(await send(api, target, undefined, options, context), options, context);
    // A server that ignores the offset repeats its list.
    if (text === before) return;
    before = text;
    const url: URL | undefined = nextPage(target.url, parsed(text));
    target = url === undefined ? undefined : { ...target, url };
  }
}

function send(api: Api, target: RawTarget, body: Body, options: RawApiOptions, context: Context): Promise<RawReply> {
  const { method, headers } = options;
  return capability(api, 'raw').send({
    method,
    target,
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    body,
    signal: context.lifetime.interrupt,
    gathersFacts: mayCost(method, target),
  });
}

async function bodyOf(
  { input, fields, hasQuery }: RawApiOptions,
  values: ReadonlyMap<RawField, unknown>,
  { files }: Context,
): Promise<Body> {
  if (input !== undefined) return files.readBytes(input);
  if (hasQuery || fields.length === 0) return undefined;
  return exactJson(fieldsObject(fields, (field) => values.get(field)));
}

/** Returns the value of each field. Reads the files that `-F key=@FILE` names. */
async function readFields(fields: readonly RawField[], { files }: Context): Promise<ReadonlyMap<RawField, unknown>> {
  const values = new Map<RawField, unknown>();
  for (const field of fields) {
    const { value } = field;
    if (value.type !== 'file') values.set(field, value.type === 'text' ? value.text : value.type === 'json' ? value.value : []);
    else {
      const { path } = value;
      const source = path === '-' ? { name: STANDARD_INPUT } : { name: path, path };
      values.set(field, utf8Text(source, await files.readBytes(path)));
    }
  }
  return values;
}

function queryText(value: unknown): string {
  return typeof value === 'string' ? value : exactJson(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
