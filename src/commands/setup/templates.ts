import { withHelp } from '../help-facts.ts';
import type { RegisterCommand } from '../register.ts';
import { withJson } from '../with-json.ts';

const HELP = {
  examples: [
    'orx templates add translate',
    'cat letter.txt | orx chat -t translate -p to=French',
    'orx chat -t ./shared/review.md -f "src/*.ts"',
  ],
  notes: `
A template is a text file with settings between two lines of --- and the prompt below:

  ---
  description: Translate
  model: openai/gpt-4o-mini
  temperature: 0.2
  defaults:
    to: English
  ---
  Translate into {{to}}:

  {{input}}

A template runs no code.`,
};

export const registerTemplates: RegisterCommand = (program, execute) => {
  const templates = withHelp(program.command('templates'), HELP);
  const list = templates.command('list', { isDefault: true }).description('List templates with their variables');
  execute(
    withHelp(withJson(list, 'an array of templates'), { examples: ['orx templates list'] }),
    async () => (await import('./template-runs.ts')).listTemplates,
  );
  const show = templates.command('show <name>').description('Print a template, by name or path');
  execute(
    withHelp(withJson(show, 'the parsed template'), { examples: ['orx templates show translate'] }),
    async () => (await import('./template-runs.ts')).showTemplate,
  );
  const add = templates
    .command('add <name>')
    .aliases(['new', 'create'])
    .description('Add a template from standard input or in your editor');
  execute(
    withHelp(add, { examples: ['orx templates add translate', 'orx templates add review < review.md'] }),
    async () => (await import('./template-runs.ts')).newTemplate,
  );
  const edit = templates.command('edit <name>').description('Edit a template in $VISUAL or $EDITOR');
  execute(
    withHelp(edit, { examples: ['orx templates edit translate'] }),
    async () => (await import('./template-runs.ts')).editTemplate,
  );
  const path = templates.command('path [name]').description('Print the path of the templates folder or of a template');
  execute(withHelp(path, { examples: ['orx templates path'] }), async () => (await import('./template-runs.ts')).templatePath);
  const remove = templates.command('remove <name...>').aliases(['rm', 'delete']).description('Remove templates');
  execute(
    withHelp(remove, { examples: ['orx templates remove translate'] }),
    async () => (await import('./template-runs.ts')).removeTemplates,
  );
};
