import { OrxError, withFacts } from '../../errors.ts';
import { readText } from '../../http/read-body.ts';
import { ExactNumber, exactJson } from '../../text/exact-json.ts';
import type { KeyChanges, ManagedKey, ManagedKeysCapability, NewKey } from '../managed-keys.ts';
import type { RawCapability, RawMethod } from '../raw-call.ts';
import { MAX_JSON_BYTES } from '../wire/packed-reply.ts';
import { parseReply } from '../wire/parse-reply.ts';
import { asAmount, asArray, asBoolean, asObject, asText, type WireObject } from '../wire/wire-value.ts';

/** A server that ignores the offset would list its keys forever. */
const MOST_PAGES = 1000;

/** Returns what manages the keys of the account, over the user's connection. */
export function manageKeys(raw: RawCapability): ManagedKeysCapability {
  const call = async (method: RawMethod, path: string, signal?: AbortSignal, body?: object): Promise<WireObject> => {
    const headers = { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) };
    const reply = await raw.send({
      method,
      target: raw.resolve(path),
      headers,
      body: body === undefined ? undefined : exactJson(body),
      signal,
      gathersFacts: false,
    });
    if (reply.error !== undefined) throw reply.status === 403 ? notAllowed(reply.error) : reply.error;
    return parseReply((await readText(reply.body, MAX_JSON_BYTES)).trim());
  };
  return {
    async list({ signal } = {}) {
      const keys = new Map<string, ManagedKey>();
      for (let page = 0; page < MOST_PAGES; page += 1) {
        const { data } = await call('GET', `keys?include_disabled=true&offset=${keys.size}`, signal);
        const known = keys.size;
        for (const key of asArray(data).map(decodeManagedKey)) if (key !== undefined) keys.set(key.hash, key);
        if (keys.size === known) break;
      }
      return [...keys.values()];
    },
    async create(key, { signal } = {}) {
      const reply = await call('POST', 'keys', signal, encodeNewKey(key));
      const secret = asText(reply['key']);
      if (secret === undefined || secret === '')
        throw new OrxError('the API created a key, but did not return it', {
          kind: 'provider',
          code: 'no-new-key',
          hints: [
            `remove it: orx keys remove ${asText(asObject(reply['data'])?.['hash'])?.slice(0, 16) ?? 'KEY'}`,
            'list the keys: orx keys list',
          ],
        });
      return { key: secret, entry: decodeManagedKey(reply['data']) ?? { hash: '', name: key.name, isDisabled: false } };
    },
    async update(hash, changes, { signal } = {}) {
      const { data } = await call('PATCH', keyPath(hash), signal, encodeChanges(changes));
      const key = decodeManagedKey(data);
      if (key === undefined)
        throw new OrxError('the API did not return the changed key', {
          kind: 'provider',
          hints: ['list the keys: orx keys list'],
        });
      return key;
    },
    async remove(hash, { signal } = {}) {
      await call('DELETE', keyPath(hash), signal);
    },
  };
}

function keyPath(hash: string): string {
  return `keys/${encodeURIComponent(hash)}`;
}

function notAllowed(error: OrxError): OrxError {
  return withFacts(error, {
    what: 'this API key cannot manage keys',
    why: error.why ?? error.message,
    code: 'not-a-management-key',
    hints: [
      'set a management key: export OPENROUTER_MANAGEMENT_KEY=KEY',
      'create a management key: https://openrouter.ai/settings/management-keys',
    ],
  });
}

/** Decodes an item of GET /keys; undefined without a hash, by which the API identifies a key. */
function decodeManagedKey(value: unknown): ManagedKey | undefined {
  const wire = asObject(value);
  const hash = asText(wire?.['hash']);
  if (wire === undefined || hash === undefined || hash === '') return undefined;
  return {
    hash,
    name: asText(wire['name']) ?? '',
    label: asText(wire['label']),
    isDisabled: asBoolean(wire['disabled']) ?? false,
    limit: asAmount(wire['limit']),
    limitRemaining: asAmount(wire['limit_remaining']),
    limitReset: asText(wire['limit_reset']),
    includesByok: asBoolean(wire['include_byok_in_limit']),
    usage: asAmount(wire['usage']),
    usageDaily: asAmount(wire['usage_daily']),
    usageWeekly: asAmount(wire['usage_weekly']),
    usageMonthly: asAmount(wire['usage_monthly']),
    createdAt: asText(wire['created_at']),
    expiresAt: asText(wire['expires_at']),
  };
}

function encodeNewKey({ name, expiresAt, ...limits }: NewKey): object {
  return { ...encodeChanges(limits), name, expires_at: expiresAt };
}

/** `JSON.stringify` leaves out what is undefined. */
function encodeChanges({ name, isDisabled, limit, limitReset, includesByok }: KeyChanges): object {
  return {
    name,
    disabled: isDisabled,
    limit: typeof limit === 'string' ? new ExactNumber(limit) : limit,
    limit_reset: limitReset,
    include_byok_in_limit: includesByok,
  };
}
