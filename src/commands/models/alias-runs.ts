import { storedValue } from '../../core/settings/resolve.ts';
import { usageError } from '../../errors.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import type { CommandInput } from '../register.ts';
import { type ListOptions, parseListed, parseSetAlias, type SetAliasOptions } from './name-options.ts';
import { resolveNames } from '../catalogue/resolve-model.ts';
import { showJson, showTable } from '../show-table.ts';

/** `orx alias add`: stores the id that the model's name resolves to now. */
export const setAlias = { parse: parseSetAlias, run: runSet };

async function runSet({ settings, name, model }: SetAliasOptions, context: Context): Promise<number> {
  const [id = model] = await resolveNames([model], settings, context, { isQuiet: true });
  const store = await context.stores.openSettings();
  await store.update('aliases', (stored) => ({ ...storedValue('aliases', stored), [name]: id }));
  await write(context.terminal.streams.stderr, `note: ${name} → ${visibleLine(id)}\n`);
  return 0;
}

/** `orx alias list` */
export const listAliases = { parse: parseListed, run: runList };

async function runList({ settings: { aliases = {} }, isJson }: ListOptions, context: Context): Promise<number> {
  if (isJson) {
    await showJson(context, [], aliases);
    return 0;
  }
  if (Object.keys(aliases).length === 0) {
    context.terminal.streams.stderr.write('no aliases; add one: orx alias add fast deepseek/deepseek-chat\n');
    return 0;
  }
  await showTable(context, {
    isSandbox: false,
    notes: [],
    table: () => ({
      columns: [
        { heading: 'alias', align: 'left', dropOrder: 0, cut: 'name' },
        { heading: 'model', align: 'left', dropOrder: 0, cut: 'model' },
      ],
      rows: Object.entries(aliases).map(([name, model]) => [{ text: visibleLine(name) }, { text: visibleLine(model) }]),
    }),
  });
  return 0;
}

/** `orx alias remove`: an unknown alias is an error. */
export const removeAliases = { parse: ({ words }: CommandInput) => words, run: runRemove };

async function runRemove(words: readonly string[], context: Context): Promise<number> {
  const names = words.map((word) => word.toLowerCase());
  const store = await context.stores.openSettings();
  await store.update('aliases', (stored) => {
    const aliases = storedValue('aliases', stored) ?? {};
    const unknown = names.find((name) => !Object.hasOwn(aliases, name));
    if (unknown !== undefined) throw usageError(`unknown alias "${unknown}"`, 'list the aliases: orx alias list');
    const rest = Object.entries(aliases).filter(([name]) => !names.includes(name));
    return rest.length === 0 ? undefined : Object.fromEntries(rest);
  });
  return 0;
}
