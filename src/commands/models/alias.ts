import { withHelp } from '../help-facts.ts';
import type { RegisterCommand } from '../register.ts';
import { withJson } from '../with-json.ts';

export const registerAlias: RegisterCommand = (program, execute) => {
  const alias = withHelp(program.command('alias'), {
    examples: ['orx alias', 'orx alias add fast deepseek/deepseek-chat', 'orx alias remove fast'],
    notes: `
Every command that takes a model takes its short name: orx chat -m fast "Hello"`,
  });
  const list = withJson(
    alias.command('list', { isDefault: true }).description('List short names and their models'),
    'an object with a field for each name',
  );
  execute(withHelp(list, { examples: ['orx alias list'] }), async () => (await import('./alias-runs.ts')).listAliases);
  const add = alias.command('add <name> <model>').alias('set').description('Add a short name, or replace it');
  execute(
    withHelp(add, {
      examples: ['orx alias add fast deepseek/deepseek-chat', 'orx alias add best sonnet-4.6:online'],
      notes: `
The model may have variants and a preset, such as sonnet-4.6:online.`,
    }),
    async () => (await import('./alias-runs.ts')).setAlias,
  );
  const remove = alias.command('remove <name...>').aliases(['rm', 'delete']).description('Remove short names');
  execute(
    withHelp(remove, { examples: ['orx alias remove fast best'] }),
    async () => (await import('./alias-runs.ts')).removeAliases,
  );
};

export const registerFavorites: RegisterCommand = (program, execute) => {
  const favorites = withHelp(program.command('fav'), {
    examples: ['orx fav', 'orx fav add claude-sonnet-4.6', 'orx models --favorites'],
  });
  const list = withJson(
    favorites.command('list', { isDefault: true }).description('List the ids of favorite models'),
    'an array of ids',
  );
  execute(withHelp(list, { examples: ['orx fav list'] }), async () => (await import('./favorite-runs.ts')).listFavorites);
  const add = favorites.command('add <model...>').description('Add favorite models');
  execute(
    withHelp(add, {
      examples: ['orx fav add claude-sonnet-4.6 openai/gpt-4o'],
      notes: `
Any name that matches only one model is enough.`,
    }),
    async () => (await import('./favorite-runs.ts')).addFavorites,
  );
  const remove = favorites.command('remove <model...>').aliases(['rm', 'delete']).description('Remove favorite models');
  execute(
    withHelp(remove, { examples: ['orx fav remove openai/gpt-4o'] }),
    async () => (await import('./favorite-runs.ts')).removeFavorites,
  );
};
