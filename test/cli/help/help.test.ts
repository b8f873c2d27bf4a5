import { describe, expect, test } from 'vitest';
import { commandHelpText, commandPath } from '../../../src/cli/help/command-help.ts';
import { rootHelpText } from '../../../src/cli/help/root-help.ts';
import { HELP_TOPICS, topicText } from '../../../src/cli/help/topics.ts';
import { createProgram } from '../../../src/cli/program.ts';
import type { AnyCommand } from '../../../src/commands/commander.ts';
import { helpFacts } from '../../../src/commands/help-facts.ts';
import { describeSetting } from '../../../src/commands/setting-options.ts';
import { type SettingKey, SETTINGS } from '../../../src/core/settings/settings.ts';
import type { SettingSpec } from '../../../src/core/settings/spec.ts';
import { WORD_VALUES } from '../../../src/core/tab-completion/value-outlines.ts';
import { orxWords } from '../../support/command-lines.ts';
import { parseCommand } from '../../support/parse-command.ts';

// Checks the length, width and wording of the help.

const NOW = Date.UTC(2026, 10, 30);
const PROGRAM = await createProgram();
const isVisible = (command: AnyCommand): boolean => (command as unknown as { _hidden: boolean })._hidden !== true;
const COMMANDS = commandsOf(PROGRAM);

function commandsOf(command: AnyCommand): [path: string, command: AnyCommand][] {
  return command.commands.filter(isVisible).flatMap((inner) => [[commandPath(inner), inner], ...commandsOf(inner)]);
}

const linesOf = (text: string): string[] => text.replace(/\n$/, '').split('\n');
const widest = (text: string): number => Math.max(...linesOf(text).map((line) => line.length));

/** Verbs at the start of command descriptions. */
const VERBS = (
  'Add Browse Chat Check Compare Compute Connect Copy Delete Edit Estimate Export Import Limit List Log Look Manage Print Remove Rename Revoke ' +
  'Search Send Set Show Sort Start Store Test'
).split(' ');

/** Words that the style guide replaces with the usual technical terms. */
const STRANGE =
  /\b(?:looks|film|sound|picture|aloud|thoughts?|think|likel(?:y|iest) that|likelier|dear(?:er)?|reckon|mend|set aside|bills?\b(?! the)|booked|demand(?:ed)?|refused|passed over|trace|go on with|begin anew|who answers|who serves|the words|run bit|unasked|how it is written|long-winded|wallet)\b/i;

describe('orx --help', () => {
  const text = rootHelpText(false, 80);
  const sections = text.split('\n\n');

  test('fits on a screen', () => {
    expect(linesOf(text).length).toBeLessThanOrEqual(40);
    expect(widest(text)).toBeLessThanOrEqual(80);
    expect(widest(rootHelpText(false, 60))).toBeLessThanOrEqual(60);
    expect(widest(rootHelpText(true, 60))).toBeLessThanOrEqual(60);
  });

  test('has four groups of commands with one line each, three examples, and where to find more', () => {
    const groups = sections.filter((section) => /^[A-Z][\w ]*:\n {2}[a-z, ]+ {2,}[A-Z]/.test(section));
    expect(groups).toHaveLength(4);
    const names = groups.flatMap((group) =>
      [...group.matchAll(/^ {2}([a-z]+(?:, [a-z]+)*) /gm)].flatMap(([, row]) => row!.split(', ')),
    );
    expect(names.toSorted()).toEqual(
      PROGRAM.commands
        .map((command) => command.name())
        .filter((name) => name !== 'help')
        .toSorted(),
    );
    expect(linesOf(sections.find((section) => section.startsWith('Examples:'))!)).toHaveLength(4);
    for (const topic of Object.keys(HELP_TOPICS)) expect(sections[0]).toContain(topic);
  });
});

test('tab completion offers the topics', () => {
  expect(WORD_VALUES['help topic']?.choices).toEqual(Object.keys(HELP_TOPICS).toSorted());
});

test.each(Object.entries(HELP_TOPICS))('orx help %s fits on a screen', (_, topic) => {
  expect(linesOf(topicText(topic, 80)).length).toBeLessThanOrEqual(60);
  for (const columns of [80, 60]) expect(widest(topicText(topic, columns))).toBeLessThanOrEqual(columns);
  expect(topicText(topic, 80)).not.toMatch(STRANGE);
});

describe.each(COMMANDS)('%s', (path, command) => {
  const short = commandHelpText(command, 'common', 80);
  const all = commandHelpText(command, 'all', 80);
  const flags = command.options.filter(({ hidden }) => !hidden);

  test('help fits on a screen and wraps', () => {
    expect(linesOf(short).length).toBeLessThanOrEqual(60);
    for (const columns of [80, 60, 40]) {
      expect(widest(commandHelpText(command, 'common', columns))).toBeLessThanOrEqual(Math.max(columns, 60));
      expect(widest(commandHelpText(command, 'all', columns))).toBeLessThanOrEqual(Math.max(columns, 60));
    }
  });

  test('begins with a verb, in one line', () => {
    const description = command.description();
    expect(VERBS).toContain(/^\w+/.exec(description)?.[0]);
    expect(description).not.toMatch(/[.\n]$/);
    expect(description.length).toBeLessThanOrEqual(62);
  });

  test('describes each flag briefly, with its values and its default', () => {
    for (const { flags: name, description, argChoices, defaultValue } of flags) {
      expect({ name, length: description.length, description }).toMatchObject({
        length: expect.toSatisfy((n) => n > 0 && n <= 60),
      });
      expect({ name, description }).toMatchObject({ description: expect.not.stringMatching(/^[A-Z](?![A-Z])|\.$/) });
      for (const choice of argChoices ?? []) expect(all).toContain(choice);
      expect(description).toContain(typeof defaultValue === 'string' ? `default: ${defaultValue}` : '');
    }
  });

  test('--help-all has every flag, and none uses retired words', () => {
    for (const { flags: name } of flags) expect(all).toContain(`  ${name}`);
    for (const name of ['--sandbox', '--theme <name>', '--help-all', '--verbose']) expect(all).toContain(`  ${name}`);
    expect(all).not.toMatch(STRANGE);
  });

  test('has examples of itself that parse', async () => {
    const { examples } = helpFacts(command);
    const lines = examples.map(orxWords).filter((words) => words !== undefined);
    const own = path.split(' ').slice(1);
    expect(lines.filter((words) => own.every((word) => words.includes(word)))).not.toEqual([]);
    for (const words of lines) await expect(parseCommand(words, { now: NOW })).resolves.not.toThrow();
  });
});

test.each(Object.entries(SETTINGS as Readonly<Record<string, SettingSpec<unknown>>>))(
  'the setting %s is described briefly',
  (key: string, spec) => {
    const description = describeSetting(spec);
    expect([key, description.length <= 60, description]).toEqual([key as SettingKey, true, description]);
    expect(description).not.toMatch(STRANGE);
  },
);
