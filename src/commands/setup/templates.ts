import type { RegisterCommand } from '../register.ts';
import { withJson } from '../with-json.ts';

const HELP = `
A template is a text file: settings between two lines of ---, the prompt below. It runs nothing.

  ---
  description: Translate
  model: openai/gpt-4o-mini
  temperature: 0.2
  defaults:
    to: English
  ---
  Translate into {{to}}:

  {{input}}

Examples:
  cat letter.txt | orx chat -t translate -p to=French
  orx chat -t ./shared/review.md -f "src/*.ts"
  orx templates new translate`;

export const registerTemplates: RegisterCommand = (program, execute) => {
  const templates = program
    .command('templates')
    .description('Stored prompts with variables, a model and parameters.')
    .addHelpText('after', HELP);
  const list = templates.command('list', { isDefault: true }).description('Every template with its variables.');
  execute(withJson(list, 'an array of objects'), async () => (await import('./template-runs.ts')).listTemplates);
  const show = templates.command('show <name>').description('A template as its file holds it, by name or path.');
  execute(withJson(show, 'one object: what orx reads in it'), async () => (await import('./template-runs.ts')).showTemplate);
  const create = templates.command('new <name>').description('Make a template: from standard input, or in $VISUAL or $EDITOR.');
  execute(create, async () => (await import('./template-runs.ts')).newTemplate);
  const edit = templates.command('edit <name>').description('Change a template in $VISUAL or $EDITOR.');
  execute(edit, async () => (await import('./template-runs.ts')).editTemplate);
  const path = templates.command('path [name]').description('The folder of the templates, or the file of one.');
  execute(path, async () => (await import('./template-runs.ts')).templatePath);
  const remove = templates.command('remove <name...>').description('Remove templates.');
  execute(remove, async () => (await import('./template-runs.ts')).removeTemplates);
};
