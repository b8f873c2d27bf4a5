import type { TerminalRun } from '../terminal.ts';
import { type HostileApi, MODELS } from './api.ts';
import {
  CONVERSATION,
  agreeToServer,
  converse,
  converseWithTools,
  denyServer,
  denyTools,
  leaveBrowser,
  leaveDashboard,
  leaveTable,
  pasteKey,
  readComparison,
  serveHostile,
} from './drives.ts';
import { HOSTILE_NAME, HOSTILE_WORD } from './text.ts';

/** An invocation of a command that shows as much external text as possible. */
export interface Recipe {
  /** The arguments after the name of the command. */
  args: readonly string[];
  /** Runs in one form only, even if the command has several. */
  isFixed?: boolean;
  /** Shows only orx's own text, none of the hostile text. */
  isSilent?: boolean;
  env?: Record<string, string>;
  /** Types the input once the program runs; the program must end after it. */
  drive?: (terminal: TerminalRun, api: HostileApi) => Promise<void>;
}

const CHAT = ['-m', MODELS.answers];
const WORD = HOSTILE_WORD;
const fixed = (args: readonly string[], more: Partial<Recipe> = {}): Recipe => ({ args, isFixed: true, ...more });
const silent = (...args: string[]): Recipe => ({ args, isSilent: true });

/** Every command that does something; a test compares this list with the program's commands. */
export const RECIPES: Readonly<Record<string, readonly Recipe[]>> = {
  chat: [
    { args: [...CHAT, WORD] },
    fixed([...CHAT, '--no-stream', 'x']),
    fixed([...CHAT, '--no-stream', '--json', 'x']),
    fixed([...CHAT, '--raw', '-u', '--verbose', 'x']),
    fixed([...CHAT, '--screen-reader', 'x']),
    fixed([...CHAT, '--dry-run', WORD]),
    fixed([...CHAT, '--explain-routing', '--only', 'b', WORD]),
    fixed([...CHAT, '--explain-routing', '--json', 'x']),
    fixed([...CHAT, '--dry-run', '-s', WORD, '-f', `./${HOSTILE_NAME}`, 'x']),
    fixed([...CHAT, '-x', 'x']),
    fixed([...CHAT, '-t', 'plain', 'x']),
    fixed(['-t', 'wrong', 'x'], { isSilent: true }),
    fixed([...CHAT, '--schema', 'a int', 'x']),
    fixed(['-m', MODELS.fails, '--verbose', 'x']),
    fixed(['-m', MODELS.breaks, '--verbose', 'x']),
    fixed(['-m', MODELS.page, '--verbose', 'x']),
    fixed(['-m', `evil/${WORD}`, 'x']),
    fixed(['-m', WORD, 'x']),
    fixed(['-m', MODELS.calls, '--tool', 'tell', '--allow-tool', '*', 'x']),
    fixed(['-m', MODELS.calls, '--tool', 'tell', 'x'], { drive: denyTools }),
    fixed([...CHAT, '--mcp', 'tells', 'x'], {
      drive: denyServer,
    }),
    fixed([...CHAT, '--session', CONVERSATION, 'x']),
    fixed([...CHAT, '-a', `./${HOSTILE_NAME}`, 'x']),
    fixed([...CHAT, '--base-url', WORD, 'x']),
    fixed([...CHAT, '--proxy', WORD, 'x'], { isSilent: true }),
    fixed([`--${WORD}`]),
    fixed(['--effort', WORD, 'x']),
    fixed([...CHAT], { drive: converse }),
    fixed([...CHAT, '--screen-reader'], { drive: converse }),
    fixed(['-m', MODELS.calls, '--tool', 'tell'], { drive: converseWithTools }),
  ],
  help: [fixed([WORD]), fixed(['history', WORD])],
  'history list': [{ args: ['--static'] }, fixed([], { drive: leaveBrowser })],
  'history show': [{ args: [CONVERSATION] }, fixed([WORD])],
  'history search': [{ args: ['needle'] }, fixed([WORD])],
  'history export': [{ args: [CONVERSATION] }, fixed([CONVERSATION, '--out', `./${HOSTILE_NAME}`])],
  'history fork': [silent(CONVERSATION)],
  'history rename': [{ args: [CONVERSATION, WORD] }],
  'history remove': [fixed([CONVERSATION]), { args: [CONVERSATION, CONVERSATION], isSilent: true }],
  'history prune': [silent('--before', '1d'), fixed(['--before', WORD])],
  'history path': [{ args: [] }],
  models: [
    { args: ['--static'] },
    fixed(['--static', '--columns', 'name,modalities,expires']),
    fixed([WORD], { isSilent: true, drive: leaveTable }),
    fixed(['--provider', WORD, '--static'], { isSilent: true }),
    fixed([], { drive: leaveTable }),
  ],
  'models show': [{ args: [MODELS.answers] }, fixed([WORD])],
  'models diff': [{ args: ['before.json', 'after.json'] }, fixed([`./${HOSTILE_NAME}`, 'after.json']), fixed([WORD, WORD])],
  endpoints: [{ args: [MODELS.answers] }, fixed([WORD])],
  price: [
    { args: [MODELS.answers, MODELS.fails, '--in', '1000', '--out', '10'] },
    fixed([MODELS.answers, MODELS.fails, '--in', '1000', '--chart'], { isSilent: true }),
    fixed([WORD]),
    fixed(['--history', WORD]),
  ],
  compare: [
    { args: ['-m', MODELS.answers, '-m', MODELS.fails, '-m', MODELS.breaks, WORD] },
    fixed(['-m', MODELS.answers, '-m', MODELS.fails, '-m', MODELS.breaks, '-m', MODELS.waits, WORD], { drive: readComparison }),
    fixed(['-m', MODELS.answers, '-m', MODELS.page, '--screen-reader', WORD]),
    fixed(['-m', MODELS.answers, '--vary', `system=${WORD},x`, '--repeat', '2', '--screen-reader', 'x']),
    fixed(['-m', MODELS.answers, '--vary', `prompt=${WORD},x`, '--dry-run']),
    fixed(['-m', `${MODELS.answers},${MODELS.page}`, '--judge', MODELS.answers, '--rubric', WORD, '--screen-reader', 'x']),
    fixed(['-m', `${MODELS.answers},${MODELS.page}`, '--judge', MODELS.answers, '--against', WORD, 'x']),
    { args: ['--board'] },
    ...['table', 'json', 'jsonl', 'csv', 'markdown', 'junit'].map((format) =>
      fixed(['--prompts', 'cases.jsonl', '-m', `${MODELS.answers},${MODELS.fails}`, '--yes', '-o', format], { isSilent: true }),
    ),
    fixed(['--prompts', `./${HOSTILE_NAME}`, '-m', MODELS.answers, '--map', `prompt=${WORD}`]),
    fixed(['--prompts', 'cases.jsonl', '-m', MODELS.answers, '--resume', WORD]),
    fixed(['--runs'], { isSilent: true }),
  ],
  embed: [
    fixed(['-m', MODELS.answers, WORD], { isSilent: true }),
    fixed(['-m', MODELS.answers, '-f', 'cases.jsonl', '--field', WORD]),
    fixed(['-m', MODELS.answers, '-f', `./${HOSTILE_NAME}`]),
    fixed(['-m', MODELS.fails, WORD]),
    fixed(['-m', WORD, 'x']),
  ],
  rerank: [
    { args: ['-m', MODELS.answers, WORD, '-f', `./${HOSTILE_NAME}`] },
    ...['jsonl', 'csv', 'lines'].map((format) =>
      fixed(['-m', MODELS.answers, 'x', '-f', `./${HOSTILE_NAME}`, '--input-format', 'lines', '-o', format], { isSilent: true }),
    ),
    fixed(['-m', MODELS.fails, 'x', '-f', `./${HOSTILE_NAME}`]),
  ],
  cost: [{ args: [] }, fixed([WORD])],
  'budget add': [fixed(['--month', '1', '--model', WORD]), fixed(['--month', WORD])],
  'budget list': [{ args: [] }],
  'budget remove': [silent('1'), fixed([WORD])],
  'ledger show': [{ args: [] }],
  'ledger path': [{ args: [] }],

  'ledger export': [{ args: [] }],
  'ledger import': [fixed(['lines.jsonl'], { isSilent: true }), fixed([`./${HOSTILE_NAME}`], { isSilent: true })],
  'ledger prune': [silent('--before', '1d'), fixed(['--before', WORD])],
  'ledger check': [{ args: [], isSilent: true }],
  'ledger reconcile': [{ args: [], isSilent: true }],
  usage: [
    { args: ['--static', '--since', 'all'] },
    ...['provider', 'project', 'profile', 'command'].map((by) => fixed(['--static', '--since', 'all', '--by', by])),
    fixed(['--what-if', MODELS.answers], { isSilent: true }),
    fixed(['--advise', '--since', 'all'], { isSilent: true }),
    fixed(['--model', WORD, '--since', WORD]),
    fixed(['--static', '-o', 'csv', '--out', `./${HOSTILE_NAME}`]),
    fixed(['--by', 'project'], { drive: leaveDashboard }),
  ],
  'alias add': [
    fixed(['other', MODELS.answers], { isSilent: true }),
    fixed([WORD, `evil/${WORD}`]),
    fixed(['bad', `evil/${WORD}`]),
  ],
  'alias list': [{ args: [] }],
  'alias remove': [silent('good'), fixed([WORD])],
  'fav add': [fixed([`evil/${WORD}`]), fixed([WORD])],
  'fav list': [{ args: [] }],
  'fav remove': [fixed([`evil/${WORD}`])],
  'mcp add': [
    fixed([WORD, '--url', WORD]),
    fixed(['new', '--', WORD]),
    fixed(['new', '--env', WORD, '--', WORD], { isSilent: true }),
  ],
  'mcp list': [{ args: [] }],
  'mcp test': [{ args: ['tells'], drive: agreeToServer }, { args: ['broken'], drive: denyServer }, fixed([WORD])],
  'mcp remove': [silent('broken'), fixed([WORD])],
  'vendors list': [{ args: [] }],
  'vendors add': [
    fixed([WORD]),
    fixed(['lab', '--base-url', WORD]),
    fixed(['mistral', '--key-variable', WORD], { isSilent: true }),
  ],
  'vendors remove': [silent('lab'), fixed([WORD])],
  'vendors test': [silent('lab'), fixed([WORD])],
  'templates list': [{ args: [], isSilent: true }],
  'templates show': [{ args: ['plain'] }, fixed(['wrong']), fixed([WORD]), fixed([`./${HOSTILE_NAME}`])],
  'templates add': [fixed([WORD])],
  'templates edit': [fixed([WORD]), fixed(['plain'], { env: { EDITOR: `/bin/false ${WORD}` }, isSilent: true })],
  'templates path': [fixed(['plain']), fixed([]), fixed([WORD])],
  'templates remove': [fixed(['plain']), fixed([WORD])],
  'config get': [{ args: ['system'] }, { args: ['aliases'] }, fixed([WORD])],
  'config set': [fixed(['model', `evil/${WORD}`], { isSilent: true }), fixed(['max-tokens', WORD]), fixed([WORD, WORD])],
  'config unset': [fixed([WORD])],
  'config list': [
    { args: [] },
    { args: [], env: { ORX_MODEL: WORD, ORX_THEME: WORD, ORX_PROXY: WORD, OPENROUTER_BASE_URL: `https://evil.example/${WORD}` } },
  ],
  'config path': [{ args: [] }],
  'profile list': [{ args: [] }],
  'profile show': [{ args: ['bad'] }, fixed([WORD])],
  'profile use': [fixed([WORD])],
  'profile set': [
    fixed(['good', 'model', `evil/${WORD}`], { isSilent: true }),
    fixed([WORD, 'model', 'x']),
    fixed(['good', WORD, 'x']),
  ],
  'profile unset': [fixed([WORD, 'model']), fixed(['bad', WORD])],
  'profile delete': [fixed([WORD])],
  'auth login': [fixed(['--paste'], { drive: pasteKey })],
  'auth status': [{ args: [] }],
  'auth logout': [fixed([], { isSilent: true })],
  serve: [fixed(['--sandbox', '--port', '0'], { drive: serveHostile })],
  'serve keys add': [
    fixed([WORD]),
    fixed(['good', '--models', WORD, '--tags', WORD], { isSilent: true }),
    fixed(['good', '--rpm', WORD]),
  ],
  'serve keys list': [{ args: [] }],
  'serve keys show': [{ args: ['bad'] }, fixed([WORD])],
  'serve keys remove': [silent('bad'), fixed([WORD])],
  api: [
    { args: ['key', '-i'] },
    fixed(['models', '--paginate']),
    fixed(['nothing']),
    fixed(['chat/completions', '-f', 'model=other/model', '-F', 'stream=true', '-F', 'messages=[]']),
    fixed(['chat/completions', '-f', `model=${MODELS.answers}`], { isSilent: true }),
    fixed([`https://evil.example/${WORD}`], { isSilent: true }),
    fixed(['key', '-f', WORD]),
    fixed(['key', '-X', WORD]),
    fixed(['keys', '--input', `./${HOSTILE_NAME}`]),
  ],
  show: [{ args: ['gen-hostile'] }, fixed([WORD.replaceAll(/\s/g, '')])],
  'keys list': [{ args: [] }],
  'keys show': [{ args: ['abcdef0123'] }, fixed([WORD])],
  'keys add': [{ args: [WORD] }, fixed(['x', '--limit', WORD])],
  'keys set': [{ args: ['abcdef0123', '--limit', '5'] }, fixed(['abcdef0123', '--name', WORD])],
  'keys remove': [{ args: ['abcdef0123'] }, fixed([WORD])],
  credits: [{ args: [], isSilent: true }],
  doctor: [
    { args: [] },
    { args: ['--offline'], env: { ORX_RETRIES: WORD, ORX_MODEL: WORD } },
    fixed([], { env: { OPENROUTER_BASE_URL: 'https://evil.example', HTTPS_PROXY: WORD } }),
  ],
  completion: [...['bash', 'zsh', 'fish', 'powershell'].map((shell) => fixed([shell], { isSilent: true })), fixed([WORD])],
};

/** Invocations other than commands: help, the start of the program, and shell completion. */
export const OTHERS: readonly Recipe[] = [
  fixed([WORD]),
  fixed(['help', WORD], { isSilent: true }),
  fixed(['models', 'show', '--help'], { isSilent: true }),
  fixed(['--complete', 'zsh', 'orx', 'history', 'show', '='], {}),
  fixed(['--complete', 'fish', 'orx', 'chat', '-t', '='], { isSilent: true }),
  fixed(['--complete', 'zsh', 'orx', 'chat', '-m', '='], { isSilent: true }),
  fixed(['--complete', 'bash', ' ', 'orx mcp test ', '63'], { isSilent: true }),
];
