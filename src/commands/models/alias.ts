import type { Command } from 'commander';
import type { RegisterCommand } from '../register.ts';
import { withJson } from '../with-json.ts';

export const registerAlias: RegisterCommand = (program, execute) => {
  const alias = program.command('alias').description('Short names for models, which every command takes.');
  const add = (name: string, description: string): Command => alias.command(name).description(description);

  add('set <name> <model>', 'store a name; the model may have variants and a preset behind it')
    .addHelpText('after', '\nExamples:\n  orx alias set fast deepseek/deepseek-chat\n  orx alias set best sonnet-4.6:online')
    .action(execute(async (input, context) => (await import('./alias-runs.ts')).setAlias(input, context)));
  withJson(add('list', 'all names and what they stand for'), 'one object, a field for each name').action(
    execute(async (input, context) => (await import('./alias-runs.ts')).listAliases(input, context)),
  );
  add('remove <name...>', 'forget names').action(
    execute(async (input, context) => (await import('./alias-runs.ts')).removeAliases(input, context)),
  );
};

export const registerFavourites: RegisterCommand = (program, execute) => {
  const favourites = program.command('fav').description('Favourite models: orx models --favourites lists them.');
  const add = (name: string, description: string): Command => favourites.command(name).description(description);

  add('add <model...>', 'add models, by any name that means one').action(
    execute(async (input, context) => (await import('./favorite-runs.ts')).addFavourites(input, context)),
  );
  withJson(add('list', 'their ids, a line each'), 'an array of ids').action(
    execute(async (input, context) => (await import('./favorite-runs.ts')).listFavourites(input, context)),
  );
  add('remove <model...>', 'remove models').action(
    execute(async (input, context) => (await import('./favorite-runs.ts')).removeFavourites(input, context)),
  );
};
