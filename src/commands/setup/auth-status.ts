import { capability } from '../../apis/api.ts';
import { directId } from '../../apis/direct-id.ts';
import { type ConfiguredVendor, isInUse } from '../../core/vendors/resolve-vendor.ts';
import { OrxError } from '../../errors.ts';
import { maskKey } from '../../output/text/error.ts';
import { fieldText, keyFields, keyJson, type Field } from '../../output/setup/key.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import { parseStatus, type StatusOptions } from './auth-options.ts';
import { showJson } from '../show-table.ts';

/**
 * `orx auth status`: prints the local facts first, then what the API reports. Throws if there is no key or the API rejects it.
 */
export const showStatus = { parse: parseStatus, run: runStatus };

async function runStatus({ settings, source: current, isJson }: StatusOptions, context: Context): Promise<number> {
  const api = await context.apis
    .for(settings)
    .open({ requireKey: true })
    .catch((error: unknown) => {
      throw nameVendors(error, context.apis.for(settings).vendors().filter(isInUse));
    });
  const { stdout } = context.terminal.streams;
  const { sandbox } = settings;
  const key = sandbox ? undefined : settings['api-key'];
  const { source, name } = sandbox ? { source: 'sandbox', name: undefined } : current;
  const secrets = key === undefined ? [] : [key];

  if (isJson) {
    const info = await capability(api, 'account').getKey({ signal: context.lifetime.interrupt });
    const known = { key: key === undefined ? null : maskKey(key), source, ...(name === undefined ? {} : { name }) };
    const address = sandbox ? null : settings['base-url'];
    await showJson(context, [], { ...known, base_url: address, ...keyJson(info, secrets) });
    return 0;
  }
  const local: Field[] = sandbox
    ? [['key', 'none needed: this is the sandbox']]
    : [
        ['key', `${maskKey(key ?? '')}, from ${placeOf(source, name)}`],
        ['api', settings['base-url']],
      ];
  const info = await capability(api, 'account')
    .getKey({ signal: context.lifetime.interrupt })
    .catch(async (error: unknown) => {
      await write(stdout, fieldText(local));
      throw error;
    });
  await write(stdout, fieldText([...local, ...keyFields(info, secrets)]));
  return 0;
}

function placeOf(source: string, name: string | undefined): string {
  if (source === 'command') return 'key-command';
  if (source === 'keychain') return 'the system keychain';
  if (name === undefined) return `the ${source}`;
  return source === 'profile' ? `the profile ${name}` : `the environment variable ${name}`;
}

/** Returns the error for a missing OpenRouter key, with hints about vendors that can be used. */
function nameVendors(error: unknown, vendors: readonly ConfiguredVendor[]): unknown {
  const [first] = vendors;
  if (!(error instanceof OrxError) || error.code !== 'no-key' || first === undefined) return error;
  const { name: vendor, defaultModel: model } = first;
  return new OrxError('no API key for OpenRouter', {
    kind: 'authentication',
    code: 'no-openrouter-key',
    hints: [
      `use a vendor that works without one: ${vendors.map(({ name }) => name).join(', ')}`,
      model === undefined
        ? `list its models: orx models --vendor ${vendor}`
        : `use it: orx chat -m ${directId({ vendor, model })}`,
      'log in to OpenRouter: orx auth login',
    ],
  });
}
