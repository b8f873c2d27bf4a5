import { EXIT_CODES } from '../../../src/cli/exit-codes.ts';
import type { ErrorKind } from '../../../src/errors.ts';
import { API_ERRORS, type FoundError } from './collect.ts';

/** The meaning of each exit code, as its section describes it. */
const MEANINGS: Readonly<Record<ErrorKind, readonly [title: string, text: string]>> = {
  unexpected: ['unexpected', 'A file cannot be read or written, or orx has a bug (`unexpected failure: <message>`).'],
  usage: ['usage', 'A command, a flag, a setting or an input is wrong, or the API does not accept the request.'],
  authentication: ['authentication', 'The API key is missing, wrong or disabled, or the login failed.'],
  credits: ['credits or budget', 'The account has too few credits, a key has reached its limit, or an orx budget is used up.'],
  'rate-limit': ['rate limit', 'Too many requests. Retries did not help, or the wait would be too long.'],
  'no-endpoint': [
    'no endpoint, policy or moderation',
    'The model does not exist, no provider can serve the request, or a policy or a filter blocked it.',
  ],
  provider: ['provider', 'The provider failed, or its response cannot be used.'],
  network: ['network', 'The API could not be reached, a timeout expired, or the connection broke.'],
  'model-mismatch': ['other model', 'A model other than the requested one answered, and `strict-model` is on.'],
  interrupted: ['interrupted', 'You stopped the command, or the reader of its output closed it. Most of these are not shown.'],
};

/** Errors of the command-line parser: it is a library, so they are not in the source. */
const PARSER_ERRORS = [
  "unknown command '<name>'",
  "unknown option '<flag>'",
  "missing value for '<flag>'",
  "missing required argument '<name>'",
].map((message): FoundError => ({
  file: '',
  message,
  kind: 'usage',
  code: undefined,
  status: undefined,
  hints: [
    'did you mean <name>?',
    'list the commands: orx --help',
    'list the flags: orx <command> --help',
    'allowed values: <values>',
  ].map((text) => ({ shell: text, session: text })),
  source: '',
}));

/** Errors of files that only the gateway uses: clients receive them over HTTP. */
const isServed = ({ file, status }: FoundError): boolean =>
  file.startsWith('gateway/') && file !== 'gateway/listen.ts' && (status !== undefined || file !== 'gateway/start-gateway.ts');

export { collectErrors } from './collect.ts';

/** Returns docs/errors.md: every message, grouped by exit code. */
export function errorsPage(errors: readonly FoundError[]): string {
  const found = [...errors.filter(({ message }) => message !== undefined), ...PARSER_ERRORS];
  const kinds = Object.entries(EXIT_CODES).toSorted(([, one], [, other]) => one - other) as [ErrorKind, number][];
  const local = found.filter((error) => !isServed(error));
  const sections = kinds.map(([kind, exit]) => {
    const [title, text] = MEANINGS[kind];
    return `## Exit code ${exit}: ${title}\n\n${text}\n\n${list(local.filter((error) => error.kind === kind))}`;
  });
  const mixed = local.filter(({ kind }) => kind === undefined || !Object.hasOwn(EXIT_CODES, kind));
  return [
    INTRODUCTION,
    ...sections,
    `## Hints for errors of an API\n\norx shows those that apply.\n\n${[...new Set(found.filter(({ file }) => file === API_ERRORS).flatMap(({ hints }) => hints.map(({ shell }) => `- ${code(shell)}`)))].toSorted().join('\n')}\n`,
    `## Several exit codes\n\nThe exit code of these depends on the kind of failure.\n\n${list(mixed)}`,
    `## HTTP errors of the gateway\n\n\`orx serve\` sends these to its clients, in the format of the client's API.\n\n${list(found.filter(isServed), true)}`,
  ].join('\n');
}

const INTRODUCTION = `# Errors

Generated from the source by \`npm run docs\`.

An error is a line on standard error that says what failed, sometimes a second line that says why, and up to three hints:

\`\`\`
error: unknown command "modles"
hint: did you mean: orx models
\`\`\`

\`warning:\` and \`note:\` lines are not errors: the command continues. With \`--json\`, the object \`error\` has the same texts
(\`message\` with the reason, \`hints\`), and \`kind\` and \`code\` for scripts: [output.md](output.md). \`--verbose\` shows the code,
the HTTP status and the causes of an error.

Below, \`<name>\` stands for a value, \`[…]\` for an optional part, and a name in parentheses is the code of the error. The hints are those for the shell; in a
session, a hint names a slash command if there is one.
`;

function list(errors: readonly FoundError[], isHttp = false): string {
  const entries = new Map<string, { codes: Set<string>; hints: Set<string> }>();
  for (const { file, message, code, status, hints } of errors) {
    const entry = entries.get(message!) ?? { codes: new Set(), hints: new Set() };
    entries.set(message!, entry);
    for (const one of [isHttp ? status : undefined, code]) if (one !== undefined && one !== '') entry.codes.add(one);
    if (file !== API_ERRORS) for (const { shell } of hints) entry.hints.add(shell);
  }
  const lines = [...entries]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([message, { codes, hints }]) => [
      `- ${code(message)}${codes.size === 0 ? '' : ` (${[...codes].map(code).join(', ')})`}`,
      ...[...hints].map((hint) => `  - ${code(hint)}`),
    ]);
  return `${lines.join('\n')}\n`;
}

/** Escapes the text so that Markdown shows it unchanged. */
function code(text: string): string {
  const line = text.replaceAll('\n', '\\n');
  return line.includes('`') ? `\`\` ${line} \`\`` : `\`${line}\``;
}
