import type { RegisterCommand } from '../register.ts';
import { withJson } from '../with-json.ts';

export const registerAlias: RegisterCommand = (program, execute) => {
  const alias = program.command('alias').description('Short names for models, which every command takes.');
  const set = alias
    .command('set <name> <model>')
    .description('store a name; the model may have variants and a preset behind it')
    .addHelpText('after', '\nExamples:\n  orx alias set fast deepseek/deepseek-chat\n  orx alias set best sonnet-4.6:online');
  execute(set, async () => (await import('./alias-runs.ts')).setAlias);
  const list = alias.command('list').description('all names and what they stand for');
  execute(withJson(list, 'one object, a field for each name'), async () => (await import('./alias-runs.ts')).listAliases);
  const remove = alias.command('remove <name...>').description('forget names');
  execute(remove, async () => (await import('./alias-runs.ts')).removeAliases);
};

export const registerFavorites: RegisterCommand = (program, execute) => {
  const favourites = program.command('fav').description('Favorite models: orx models --favourites lists them.');
  const add = favourites.command('add <model...>').description('add models, by any name that means one');
  execute(add, async () => (await import('./favorite-runs.ts')).addFavorites);
  const list = favourites.command('list').description('their ids, a line each');
  execute(withJson(list, 'an array of ids'), async () => (await import('./favorite-runs.ts')).listFavorites);
  const remove = favourites.command('remove <model...>').description('remove models');
  execute(remove, async () => (await import('./favorite-runs.ts')).removeFavorites);
};
