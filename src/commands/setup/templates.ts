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
    .description('Prompts that are kept: with variables, a model and parameters.')
    .addHelpText('after', HELP);
  withJson(
    templates.command('list', { isDefault: true }).description('Every template with its variables.'),
    'an array of objects',
  ).action(execute(async (input, context) => (await import('./template-runs.ts')).listTemplates(input, context)));
  withJson(
    templates.command('show <name>').description('A template as its file holds it, by name or path.'),
    'one object: what orx reads in it',
  ).action(execute(async (input, context) => (await import('./template-runs.ts')).showTemplate(input, context)));
  templates
    .command('new <name>')
    .description('Make a template: from standard input, or in $VISUAL or $EDITOR.')
    .action(execute(async (input, context) => (await import('./template-runs.ts')).newTemplate(input, context)));
  templates
    .command('edit <name>')
    .description('Change a template in $VISUAL or $EDITOR.')
    .action(execute(async (input, context) => (await import('./template-runs.ts')).editTemplate(input, context)));
  templates
    .command('path [name]')
    .description('The folder of the templates, or the file of one.')
    .action(execute(async (input, context) => (await import('./template-runs.ts')).templatePath(input, context)));
  templates
    .command('remove <name...>')
    .description('Remove templates.')
    .action(execute(async (input, context) => (await import('./template-runs.ts')).removeTemplates(input, context)));
};
