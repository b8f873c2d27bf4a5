import { storedValue } from '../../core/settings/resolve.ts';
import { aliasName } from '../../core/settings/parsers.ts';
import { usageError } from '../../errors.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Run } from '../register.ts';
import { resolveNames } from '../catalogue/resolve-model.ts';
import { showJson, showTable } from '../show-table.ts';

/** `orx alias set`: what is stored is the id that the model's name stands for now. */
export const setAlias: Run = async ({ words, flags }, context) => {
  const [given = '', model = ''] = words;
  const name = aliasName(given);
  const { values: settings } = context.stores.resolveSettings(flags);
  // A comma divides aliases where they stand as one text.
  if (model.includes(',')) throw usageError(`an alias stands for one model, not for "${model}"`);
  const [id = model] = await resolveNames([model], settings, context, { isQuiet: true });
  const store = await context.stores.openSettings();
  await store.update('aliases', (stored) => ({ ...storedValue('aliases', stored), [name]: id }));
  await write(context.terminal.streams.stderr, `orx: ${name} → ${visibleLine(id)}\n`);
  return 0;
};

/** `orx alias list`. */
export const listAliases: Run = async ({ options, flags }, context) => {
  const { aliases = {} } = context.stores.resolveSettings(flags).values;
  if (options['json'] === true) {
    await showJson(context, [], aliases);
    return 0;
  }
  await showTable(context, {
    notes: [],
    table: () => ({
      columns: [
        { heading: 'alias', align: 'left', dropOrder: 0 },
        { heading: 'model', align: 'left', dropOrder: 0 },
      ],
      rows: Object.entries(aliases).map(([name, model]) => [{ text: visibleLine(name) }, { text: visibleLine(model) }]),
    }),
  });
  return 0;
};

/** `orx alias remove`: a name that there is not is a mistake. */
export const removeAliases: Run = async ({ words }, context) => {
  const names = words.map((word) => word.toLowerCase());
  const store = await context.stores.openSettings();
  await store.update('aliases', (stored) => {
    const aliases = storedValue('aliases', stored) ?? {};
    const unknown = names.find((name) => !Object.hasOwn(aliases, name));
    if (unknown !== undefined) throw usageError(`there is no alias "${unknown}"`, 'all aliases: orx alias list');
    const rest = Object.entries(aliases).filter(([name]) => !names.includes(name));
    return rest.length === 0 ? undefined : Object.fromEntries(rest);
  });
  return 0;
};
