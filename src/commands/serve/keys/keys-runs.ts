import { randomBytes } from 'node:crypto';
import { clientKeySecret, hashClientKey, keyEnding } from '../../../core/client-keys/secret.ts';
import { usageError } from '../../../errors.ts';
import { clientKeyJson, clientKeyLines, clientKeysTable, type ClientKeyState } from '../../../output/serve/client-keys.ts';
import { write } from '../../../output/text/write-stream.ts';
import type { ClientKey } from '../../../storage/client-keys.ts';
import type { Ledger } from '../../../storage/ledger/ledger.ts';
import type { Context } from '../../context.ts';
import { showJson, showTable, showText } from '../../show-table.ts';
import {
  type CreateKeyOptions,
  type ListKeysOptions,
  type NamedKeyOptions,
  parseCreateKey,
  parseListKeys,
  parseNamedKey,
} from './keys-options.ts';
import { spendingIn } from '../open-clients.ts';

const RANDOM_BYTES = 32;

/** `orx serve keys add` */
export const createClientKey = { parse: parseCreateKey, run: runCreate };

async function runCreate({ settings, name, rights, budgets, isJson }: CreateKeyOptions, context: Context): Promise<number> {
  const { stdout, stderr } = context.terminal.streams;
  const stores = context.stores.for(settings);
  const keys = await stores.openClientKeys();
  const taken = keys.list().find((key) => key.name === name);
  const secret = clientKeySecret(randomBytes(RANDOM_BYTES));
  const key: ClientKey = {
    name,
    hash: hashClientKey(secret),
    ending: keyEnding(secret),
    createdAt: context.clock.now(),
    ...rights,
  };
  const ledger = await stores.openLedger();
  // Add budgets before the key: it must never be valid without them. A name in use changes no budget.
  if (taken === undefined) for (const budget of budgets) ledger.setBudget(budget);
  await keys.add(key);
  if (isJson) await showJson(context, [], { key: secret, ...clientKeyJson(stateOf(key, ledger, context)) });
  else {
    await write(stdout, `${secret}\n`);
    stderr.write(`key "${name}" is shown this once; orx stores only its hash\n`);
    stderr.write(`use it as OPENAI_API_KEY, ANTHROPIC_API_KEY or OPENROUTER_API_KEY of a client\n`);
  }
  return 0;
}

/** `orx serve keys list` */
export const listClientKeys = { parse: parseListKeys, run: runList };

async function runList({ settings, isJson }: ListKeysOptions, context: Context): Promise<number> {
  const stores = context.stores.for(settings);
  const keys = (await stores.openClientKeys()).list();
  const ledger = await stores.openLedger();
  const states = keys.map((key) => stateOf(key, ledger, context));
  if (isJson) await showJson(context, [], states.map(clientKeyJson));
  else if (states.length === 0)
    context.terminal.streams.stderr.write('no client keys; add one: orx serve keys add laptop --budget 5/day\n');
  else await showTable(context, { isSandbox: false, notes: [], table: () => clientKeysTable(states, context.clock.now()) });
  return 0;
}

/** `orx serve keys show` */
export const showClientKey = { parse: parseNamedKey, run: runShow };

async function runShow({ settings, name, isJson }: NamedKeyOptions, context: Context): Promise<number> {
  const stores = context.stores.for(settings);
  const key = (await stores.openClientKeys()).list().find((one) => one.name === name);
  if (key === undefined) throw usageError(`unknown client key "${name}"`, 'list the client keys: orx serve keys list');
  const state = stateOf(key, await stores.openLedger(), context);
  if (isJson) await showJson(context, [], clientKeyJson(state));
  else await showText(context, [], clientKeyLines(state, context.clock.now()));
  return 0;
}

/** `orx serve keys remove` */
export const revokeClientKey = { parse: parseNamedKey, run: runRevoke };

async function runRevoke({ settings, name, isJson }: NamedKeyOptions, context: Context): Promise<number> {
  const stores = context.stores.for(settings);
  const key = await (await stores.openClientKeys()).revoke(name, context.clock.now());
  const state = stateOf(key, await stores.openLedger(), context);
  if (isJson) await showJson(context, [], clientKeyJson(state));
  else {
    const { stderr } = context.terminal.streams;
    stderr.write(`key "${name}" is revoked: every running gateway now rejects it\n`);
    const numbers = state.budgets.map(({ budget }) => budget.id);
    if (numbers.length > 0) stderr.write(`its budgets stay; remove them with: orx budget remove ${numbers.join(' ')}\n`);
  }
  return 0;
}

function stateOf(key: ClientKey, ledger: Ledger, { clock }: Context): ClientKeyState {
  const { spentBy, budgetsOf } = spendingIn(ledger, clock.now);
  return { key, spent: spentBy(key.name), budgets: budgetsOf(key.name) };
}
