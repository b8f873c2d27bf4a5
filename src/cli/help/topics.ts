import { VENDORS } from '../../apis/vendors.ts';
import { SETTINGS } from '../../core/settings/settings.ts';
import type { SettingSpec } from '../../core/settings/spec.ts';
import { EXPECTATIONS_FAILED } from '../../commands/matrix/expectations-failed.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { sharedFlagGroups } from './command-help.ts';
import { type HelpItem, type HelpPage, helpPageText } from './layout.ts';

/** A page of `orx help` that is not about a command. */
interface Topic {
  description: string;
  /** Returns its sections: paragraphs, or a heading with items. */
  sections: () => readonly (string | readonly [heading: string, items: readonly HelpItem[]])[];
}

const FAILURES: Readonly<Record<keyof typeof EXIT_CODES, string>> = {
  unexpected: 'unexpected error, or damaged data found',
  usage: 'invalid command line, settings or input',
  authentication: 'no API key, or an invalid one',
  credits: 'not enough credits, or a budget would be exceeded',
  'rate-limit': 'rate limit reached',
  'no-endpoint': 'no endpoint matches, data policy, or content moderation',
  provider: 'the provider failed, or its answer is invalid',
  network: 'network error or timeout',
  'model-mismatch': 'a different model answered (--strict-model)',
  interrupted: 'interrupted with Ctrl-C',
};

const VARIABLES: readonly HelpItem[] = [
  ['ORX_HOME', 'folder for settings, history, ledger and caches'],
  ['ORX_CODE_CACHE', 'folder for compiled code (default: in the caches)'],
  ['ORX_SANDBOX_SPEED', 'speed factor of the sandbox, such as 10 (default: 1)'],
  ['VISUAL, EDITOR', 'editor for -e and orx templates'],
  ['HTTPS_PROXY, HTTP_PROXY', 'proxy, unless --proxy is given; also ALL_PROXY'],
  ['NO_PROXY', 'hosts to reach without a proxy (comma-separated)'],
  ['NO_COLOR', 'turns colors off; FORCE_COLOR turns them on'],
  ['ORX_CLIENT_KEY_PASSWORD', 'password of the private key of --client-cert'],
  ['NODE_EXTRA_CA_CERTS', 'additional certificate authorities (PEM file)'],
];

export const HELP_TOPICS: Readonly<Record<string, Topic>> = {
  connection: {
    description: 'Flags of every command: connection, appearance, help',
    sections: () => [
      'Every command accepts these flags, before or after its name.',
      ...sharedFlagGroups().map(({ heading, items }) => [heading, items] as const),
      `Without --proxy, orx uses HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY.
orx retries a failed request only before its first token. Any byte restarts the idle timeout.
The app URL, name and categories are sent as HTTP-Referer, X-Title (also X-OpenRouter-Title) and X-OpenRouter-Categories.
orx config set proxy http://localhost:3128 stores a flag for all commands.`,
    ],
  },
  'exit-codes': {
    description: 'Exit codes of every command',
    sections: () => [
      [
        'Exit codes:',
        [
          ['0', 'success'],
          ...Object.entries(EXIT_CODES)
            .map(([kind, code]) => [`${code}`, FAILURES[kind as keyof typeof EXIT_CODES]] as const)
            .toSpliced(-1, 0, [`${EXPECTATIONS_FAILED}`, 'expectations failed (orx compare --prompts)']),
        ],
      ],
      'orx compare exits with 0 if at least one model answered; with --prompts, if nothing failed.',
    ],
  },
  environment: {
    description: 'Environment variables',
    sections: () => [
      ['Settings:', settingVariables()],
      ['API keys of vendors:', vendorVariables()],
      ['Others:', VARIABLES],
      'A flag overrides a variable, and a variable overrides a stored setting. An empty variable counts as unset.',
    ],
  },
  times: {
    description: 'Formats of times for --since, --until and others',
    sections: () => [
      [
        'Formats:',
        [
          ['12h', 'from 12 hours ago until now'],
          ['30d, 2w, 6m, 1y', 'whole days, weeks, months or years, including today'],
          ['today, yesterday', 'a whole day'],
          ['week, month, year', 'from Monday, the first of the month, January 1'],
          ['2026, 2026-11', 'a whole year or month'],
          ['2026-11-30', 'a whole day'],
          ['2026-11-30T16:40', 'a moment'],
          ['all', 'no limit'],
        ],
      ],
      'Times are local. --since takes the start of a day, month or year, and --until takes its end.',
    ],
  },
};

export function topicText(topic: Topic, columns: number): string {
  return helpPageText(topicPage(topic), columns);
}

export function topicPage(topic: Topic): HelpPage {
  const { description, sections } = topic;
  return [
    description,
    ...sections().map((section) => (typeof section === 'string' ? section : { heading: section[0], items: section[1] })),
  ];
}

function settingVariables(): HelpItem[] {
  return Object.values(SETTINGS as Readonly<Record<string, SettingSpec<unknown>>>).flatMap(({ env, flags = '', description }) =>
    env === undefined ? [] : [[env.join(', '), `${switchValue(flags)}${description}`] as const],
  );
}

/** Returns the environment variable value that has the effect of a switch. */
function switchValue(flags: string): string {
  if (flags.includes('<')) return '';
  return flags.startsWith('--no-') ? '0: ' : flags === '' ? '' : '1: ';
}

function vendorVariables(): HelpItem[] {
  return VENDORS.flatMap(({ label, keyVariables }) =>
    keyVariables.length === 0 ? [] : [[keyVariables.join(', '), label] as const],
  );
}
