import { describe, expect, test } from 'vitest';
import { decimal } from '../../src/decimal.ts';
import { parseCommand } from '../support/parse-command.ts';

// The options that each command makes of its arguments and flags, by its own declarations: nothing is read or opened. orx models and compare have
// their own tables.

const NOW = new Date(2026, 7, 5, 12).getTime();
const ALL_TERMINALS = ['stdin', 'stdout', 'stderr'] as const;
const at = (year: number, month: number, day: number): number => new Date(year, month - 1, day).getTime();
const read = (line: readonly string[], terminals: readonly ('stdin' | 'stdout' | 'stderr')[] = []): Promise<unknown> =>
  parseCommand(line, { terminals, now: NOW, file: { model: 'a/stored' } });

type Good = [line: string[], options: unknown];
type Bad = [line: string[], told: RegExp];

describe.each<[string, Good[], Bad[]]>([
  [
    'chat',
    [
      [
        ['chat', 'why', '-'],
        {
          words: ['why', '-'],
          flags: {},
          choice: { continues: false, session: undefined, forks: false },
          dropsOldest: false,
          tools: undefined,
          shown: { format: 'text', isQuiet: false, showsReceipt: false, showsReasoning: true, isSilent: false, isLive: false },
        },
      ],
      [['chat', '-m', 'b/typed', '--top-k', '3', 'x'], { flags: { model: 'b/typed', 'top-k': '3' } }],
      [['chat', '-n', 'x'], { flags: { history: false, ledger: false } }],
      [['chat', '--json', 'x'], { shown: { format: 'json', isSilent: false } }],
      [['chat', '-x', 'x'], { shown: { isSilent: true }, prompt: { extract: true } }],
      [['chat', '-x', '-o', 'json', 'x'], { shown: { isSilent: false } }],
      [['chat', '-q', '-R', 'x'], { shown: { isQuiet: true, showsReceipt: false, showsReasoning: false } }],
      [['chat', '-u', 'x'], { shown: { showsReceipt: true } }],
      [['chat', '--raw', 'x'], { shown: { isMarkdown: false } }],
      [['chat', '-f', 'a', '-f', 'b', '-a', 'c', '-p', 'k=v'], { prompt: { file: ['a', 'b'], attach: ['c'], param: ['k=v'] } }],
      [['chat', '-c', '--fork', 'x'], { choice: { continues: true, forks: true } }],
      [['chat', '-c', '--fork', '--dry-run', 'x'], { choice: { continues: true, forks: false } }],
      [['chat', '--cid', '01k9', '--drop-oldest'], { choice: { session: '01k9' }, dropsOldest: true }],
      [
        ['chat', '--mcp', 'a', '--mcp', 'b', '--tool', 'c', '--allow-tool', 'd', '--read-only', 'x'],
        { tools: { servers: ['a', 'b'], tools: ['c'], allowed: ['d'], isReadOnly: true, trustsFiles: false } },
      ],
    ],
    [
      [['chat', '--fork', 'x'], /--fork needs a conversation to copy/],
      [['chat', '-c', '--session', 'a'], /cannot be combined/],
      [['chat', '--json', '-o', 'stream-json', 'x'], /cannot be combined/],
      [['chat', '--top-k', 'many', 'x'], /top-k must be/],
    ],
  ],
  [
    'embed and rerank',
    [
      [
        ['embed', '-m', 'a/b', 'one', 'two'],
        {
          words: ['one', 'two'],
          model: 'a/b',
          files: [],
          form: undefined,
          fields: ['text'],
          encoding: undefined,
          format: 'jsonl',
          isQuiet: false,
          showsReceipt: false,
        },
      ],
      [['embed', '-m', 'a/b'], { words: [], files: ['-'] }],
      [['embed', '-m', 'a/b', '-'], { words: [], files: ['-'] }],
      [
        ['embed', '-m', 'a/b', '-f', 'x', '-f', '-', '--field', 'c', '--field', 'd', '--input-format', 'jsonl', '-u'],
        { files: ['x', '-'], fields: ['c', 'd'], form: 'jsonl', showsReceipt: true },
      ],
      [
        ['embed', '-m', 'a/b', '--dimensions', '3', '--input-type', 'clustering', '--encoding', 'base64', '-o', 'csv', 'x'],
        { dimensions: 3, inputType: 'clustering', encoding: 'base64', format: 'csv' },
      ],
      [
        ['embed', '-m', 'a/b', '--batch-size', '10', '--batch-tokens', '1000', '--concurrency', '2', '--json', 'x'],
        { batchSize: 10, batchTokens: 1000, concurrency: 2, format: 'json' },
      ],
      [['embed', '-m', 'a/b', '-q', 'x'], { isQuiet: true, showsReceipt: false }],
      [
        ['embed', '-m', 'a/b', '--zdr', '--only', 'x', '--no-ledger', 'x'],
        { settings: { zdr: true, only: ['x'], ledger: false } },
      ],
      [['rerank', '-m', 'a/b', 'two', 'words'], { query: 'two words', files: ['-'], top: undefined, format: 'jsonl' }],
      [['rerank', '-m', 'a/b', 'q', '-f', 'x', '--top', '3', '-o', 'lines'], { files: ['x'], top: 3, format: 'lines' }],
    ],
    [
      [['embed', 'x'], /orx embed needs a model/],
      [['embed', '-m', 'a/b', ' '], /a text is empty/],
      [['embed', '-m', 'a/b', '-m', 'c/d', 'x'], /cannot be combined: the command uses one model/],
      [['embed', '-m', 'a/b', '-q', '-u', 'x'], /-q and -u cannot be combined/],
      [['embed', '-m', 'a/b', 'x', '-'], /- cannot be combined with texts/],
      [['embed', '-m', 'a/b', 'x', '-f', 'y'], /texts and -f cannot be combined/],
      [['embed', '-m', 'a/b', '-f', '-', '-f', '-'], /can be read only once/],
      [['embed', '-m', 'a/b', '--dimensions', '0', 'x'], /--dimensions must be a whole number from 1/],
      [['embed', '-m', 'a/b', '--batch-size', '5000', 'x'], /--batch-size must be a whole number from 1 to 2048/],
      [['embed', '-m', 'a/b', '--concurrency', '99', 'x'], /--concurrency must be a whole number from 1 to 32/],
      [['embed', '-m', 'a/b', '--json', '-o', 'csv', 'x'], /cannot be combined/],
      [['rerank', '-m', 'a/b', ' '], /the query is empty/],
      [['rerank', '-m', 'a/b', 'q', '--top', 'x'], /--top must be a whole number/],
      [['rerank', '-m', 'a/b', 'q', '--json', '-o', 'table'], /cannot be combined/],
    ],
  ],
  [
    'price',
    [
      [
        ['price', 'a/b'],
        {
          type: 'quote',
          options: { models: ['a/b'], input: undefined, output: undefined, usesPast: false, format: 'table', chart: undefined },
        },
      ],
      [
        ['price', '--in', '1.2k', '--out', '3M', '--cached', '80%', '--requests', '10_000', '--chart'],
        { options: { input: 1200, output: 3_000_000, cachedShare: decimal('0.8'), requests: 10_000, chart: 'context' } },
      ],
      [['price', '--out', 'usual', '-f', 'a', '-f', '-'], { options: { usesPast: true, files: ['a', '-'] } }],
      // Searches and reasoning are part of the workload here, not filters.
      [['price', '--search', '3', '--reasoning', '50'], { options: { searches: 3, reasoning: 50, filter: { search: '' } } }],
      [['price', '-o', 'image'], { options: { format: 'table', filter: { outputs: ['image'] } } }],
      [['price', '-s', 'Be brief.'], { options: { hasSystemFlag: true } }],
      [
        ['price', 'a/b', '--history', '--since', '2026-08-01'],
        { type: 'history', options: { model: 'a/b', start: at(2026, 8, 1) } },
      ],
      [['price', '--history', 'a/b', '--json'], { type: 'history', options: { model: 'a/b', format: 'json' } }],
    ],
    [
      [['price', '--in', '5', '--prompt', 'x'], /either give the token count/],
      [['price', '--cached', '80%', '--cache-write', '30%'], /more than the whole prompt/],
      [['price', '--chart', '-o', 'csv'], /--chart cannot be combined/],
      [['price', 'a', 'b', '--history'], /--history needs exactly one model, not 2/],
      [['price', '--history'], /--history needs exactly one model, not none/],
      [['price', '--images', 'two'], /--images must be a whole number/],
    ],
  ],
  [
    'models show, diff and endpoints',
    [
      [['models', 'show', 'a/b', '--refresh', '--json'], { name: 'a/b', refresh: true, format: 'json' }],
      [['models', 'diff'], { words: [], since: '7d', isList: false, format: 'table' }],
      [['models', 'diff', 'a.json', 'b.json', '-o', 'csv'], { words: ['a.json', 'b.json'], format: 'csv' }],
      [
        ['endpoints', 'a/b', '--zdr', '--min-context', '128k', '--quantization', 'FP8', '--sort', 'price', '--reverse'],
        { name: 'a/b', sort: 'price', reverse: true, filter: { zdr: true, minContext: 128_000, quantizations: ['fp8'] } },
      ],
      [
        ['endpoints', 'a/b', '--max-price', '0.5,2'],
        { filter: { maxPrice: { prompt: decimal('0.5'), completion: decimal('2') } } },
      ],
    ],
    [
      [['models', 'diff', 'a', 'b', 'c'], /compares two catalogs/],
      [['models', 'diff', 'a', '--since', '3d'], /--since cannot be combined with A and B/],
      [['endpoints', 'a/b', '-o', 'yaml'], /-o must be one of table/],
      [['endpoints', 'a/b', '--max-price', 'cheap'], /max-price must be two prices/],
    ],
  ],
  [
    'cost',
    [
      [['cost'], { of: { type: 'last' }, limit: 50, isJson: false }],
      [['cost', 'last', '-o', 'json'], { of: { type: 'last' }, isJson: true }],
      [['cost', '01k9', '--limit', '3'], { of: { type: 'conversation', prefix: '01k9' }, limit: 3 }],
      [['cost', 'today'], { of: { type: 'period', filter: { since: at(2026, 8, 5), until: at(2026, 8, 6) } } }],
      [['cost', '--since', '2026-08-01'], { of: { type: 'period', filter: { since: at(2026, 8, 1) } } }],
    ],
    [
      [['cost', '01k9', '--since', 'today'], /cannot be combined/],
      [['cost', '--limit', '0'], /--limit must be/],
    ],
  ],
  [
    'usage',
    [
      [
        ['usage'],
        { by: 'model', format: 'table', isLive: false, watch: false, advise: false, whatIf: undefined, prices: 'today' },
      ],
      [['usage', '--out', 'a.html'], { format: 'html', place: { out: 'a.html', force: false } }],
      [['usage', '--out-file', 'a.html', '-o', 'csv', '--force'], { format: 'csv', place: { out: 'a.html', force: true } }],
      [['usage', '--what-if', 'a, b,', '--prices', 'then'], { whatIf: ['a', 'b'], prices: 'then' }],
      [
        ['usage', '--project', '.', '--model', 'a*', '--command', 'chat', '--limit', '5'],
        { filter: { project: '.', model: 'a*', command: 'chat' }, limit: 5 },
      ],
    ],
    [
      [['usage', '--what-if', ','], /--what-if needs a model/],
      [['usage', '--prices', 'then'], /--prices needs --what-if/],
      [['usage', '--force'], /--force needs --out-file/],
      [['usage', '--watch'], /--watch needs an interactive terminal/],
      [['usage', '--what-if', 'a', '--advise'], /cannot be combined/],
    ],
  ],
  [
    'ledger and budget',
    [
      [['ledger', 'export'], { isCsv: false, since: undefined }],
      [['ledger', 'export', '-o', 'csv', '--since', '2026-08-01'], { isCsv: true, since: at(2026, 8, 1) }],
      [['ledger', 'import'], { path: undefined }],
      [['ledger', 'import', '-'], { path: undefined }],
      [['ledger', 'import', 'a.jsonl'], { path: 'a.jsonl' }],
      [['ledger', 'prune', '--before', '2026-01-01'], { before: at(2026, 1, 1) }],
      // Budgets need the entries of the current month.
      [['ledger', 'prune', '--before', 'today'], { before: at(2026, 8, 1) }],
      [['ledger', 'check', '--json'], { isJson: true }],
      [['credits', '--json'], { isJson: true }],
      [['show'], { id: undefined, isJson: false }],
      [['show', 'last', '--json'], { id: undefined, isJson: true }],
      [['show', ' gen-1 '], { id: 'gen-1' }],
      [['keys'], { isJson: false }],
      [['keys', 'show', 'ci', '--json'], { word: 'ci', isJson: true }],
      [
        ['keys', 'add', ' ci ', '--limit', '$5', '--reset', 'daily', '--byok-in-limit', '--expires', '2027-01-31T12:30:00Z'],
        { key: { name: 'ci', limit: '5', limitReset: 'daily', includesByok: true, expiresAt: '2027-01-31T12:30:00Z' } },
      ],
      [['keys', 'create', 'ci'], { key: { name: 'ci', limit: undefined, expiresAt: undefined } }],
      [
        ['keys', 'set', 'ci', '--limit', 'none', '--reset', 'none', '--disable', '--no-byok-in-limit'],
        { word: 'ci', changes: { limit: null, limitReset: null, isDisabled: true, includesByok: false } },
      ],
      [['keys', 'set', 'ci', '--name', 'x', '--enable'], { changes: { name: 'x', isDisabled: false } }],
      [['keys', 'rm', 'ci'], { word: 'ci' }],
      [
        ['api', 'keys', '-f', 'a=1', '-F', 'b[]=2', '-H', 'X-A: b', '-i'],
        {
          path: 'keys',
          method: 'POST',
          fields: [
            { key: 'a', value: { type: 'text', text: '1' } },
            { path: ['b', ''], value: { type: 'json', value: 2 } },
          ],
          hasQuery: false,
          headers: { 'x-a': 'b' },
          showsHead: true,
          paginate: false,
        },
      ],
      [['api', 'models', '-X', 'get', '-f', 'a=1', '--paginate'], { method: 'GET', hasQuery: true, paginate: true }],
      [['api', 'files', '--input', '-', '-f', 'a=1'], { method: 'POST', hasQuery: true, input: '-' }],
      [['doctor'], { isJson: false, isOffline: false }],
      [['doctor', '--offline', '-o', 'json'], { isJson: true, isOffline: true }],
      [
        ['budget', 'add', '--month', '$20', '--request', '0.10', '--project', '.', '--warn', '50%'],
        {
          budgets: [
            { period: 'request', limit: '0.1', project: '.', warnAt: 0.5 },
            { period: 'month', limit: '20', project: '.', warnAt: 0.5 },
          ],
        },
      ],
      [['budget', 'add', '--total', '100'], { budgets: [{ period: 'total', limit: '100' }] }],
      [['budget'], { isJson: false }],
      [['budget', 'remove', '1', '2'], { numbers: ['1', '2'] }],
    ],
    [
      [['ledger', 'prune', '--before', 'all'], /would delete everything/],
      [['show', ''], /is not a generation id/],
      [['keys', 'add', ' '], /the name of the key is empty/],
      [['keys', 'add', 'ci', '--limit', 'much'], /--limit must be an amount/],
      [['keys', 'add', 'ci', '--reset', 'daily'], /--reset needs --limit/],
      [['keys', 'add', 'ci', '--expires', '2001'], /--expires must be a time in the future/],
      [['serve', '--cache', 'memory', '--cache-ttl', '1y'], /--cache-ttl must be a duration such as 500ms, 30s or 2m, not "1y"/],
      [['serve', '--cache', 'memory', '--cache-ttl', '0'], /--cache-ttl must be a duration from 1ms to 8760h, not "0"/],
      [['serve', 'keys', 'add', 'ci', '--expires', '0d'], /--expires must be a time in the future/],
      [['keys', 'set', 'ci'], /no change given/],
      [['keys', 'set', 'ci', '--enable', '--disable'], /cannot be combined/],
      [['--sandbox', 'keys'], /the sandbox has no keys to manage/],
      [['api', 'x', '-f', 'a'], /-f must be key=value/],
      [['budget', 'add'], /no budget given/],
      [['budget', 'add', '--day', 'much'], /--day must be an amount/],
    ],
  ],
  [
    'history',
    [
      [
        ['history'],
        { isLive: false, list: { limit: 20, isJson: false, filter: { since: undefined, model: undefined, project: undefined } } },
      ],
      [
        ['history', 'list', '--model', 'a', '--project', '.', '--limit', '3', '--json'],
        { isLive: false, list: { limit: 3, isJson: true, filter: { model: 'a', project: '.' } } },
      ],
      [['history', 'search', 'a b', 'c'], { terms: ['a b', 'c'].map((text) => expect.objectContaining({ text })) }],
      [['history', 'show', '01k9', '--last', '2'], { prefix: '01k9', last: 2, format: 'text' }],
      [['history', 'export', '01k9', '--json', '--out', 'a.json'], { format: 'json', place: { out: 'a.json', force: false } }],
      [['history', 'rename', '01k9', 'a', ' b  c'], { prefix: '01k9', title: 'a b c' }],
      [['history', 'remove', 'a', 'b'], { prefixes: ['a', 'b'] }],
      [['history', 'prune', '--before', '2026-01-01'], { before: at(2026, 1, 1) }],
    ],
    [
      [['history', 'rename', '01k9', ' '], /the title is empty/],
      [['history', 'search', ' '], /no search text given/],
      [['history', 'prune', '--before', 'all'], /would delete everything/],
      [['history', 'show', '01k9', '--last', 'few'], /--last must be/],
    ],
  ],
  [
    'prompts of a file',
    [
      // The file names the lanes, unless a flag does.
      [['compare', '--prompts', 'a.yaml'], { kind: 'run', path: 'a.yaml', lanes: undefined }],
      [['compare', '--prompts', 'a.yaml', '--tools'], { kind: 'run', lanes: { isMatrix: true } }],
      [['compare', '--prompts', 'a.yaml', '-m', 'a/b'], { kind: 'run', lanes: { names: ['a/b'] } }],
    ],
    [[['compare', '--prompts', ' '], /--prompts is empty/]],
  ],
  [
    'mcp and serve',
    [
      [
        ['mcp', 'add', 'files', '--env', 'A', '--force', '--', 'npx', '-y', 'server'],
        { name: 'files', force: true, server: { type: 'stdio', command: ['npx', '-y', 'server'] } },
      ],
      [['mcp', 'test', 'files', '--agree'], { name: 'files', agrees: true, isJson: false }],
      [
        ['serve'],
        { served: { place: { port: 4141, address: '127.0.0.1', tls: undefined }, log: 'text' }, settings: { sandbox: false } },
      ],
      [['serve', '--sandbox', '--port', '0', '-q'], { served: { place: { port: 0 }, log: undefined } }],
      [
        ['serve', '--config', 'a.yaml', '--port', '8080', '-q', '--cache-ttl', '12h'],
        {
          served: undefined,
          flags: [
            { path: 'server.port', value: 8080, flag: '--port' },
            { path: 'log.format', value: 'none', flag: '-q' },
            { path: 'log.content', value: false, flag: '-q' },
            { path: 'cache.ttl', value: 43_200_000, flag: '--cache-ttl' },
          ],
        },
      ],
      [['serve', '--cache', 'memory', '--cache-ttl', '5m'], { served: { cache: { place: 'memory', keptMs: 300_000 } } }],
      [
        ['serve', '--host', '[::1]', '--tls-cert', 'a', '--tls-key', 'b', '--allow-host', 'x.example', '--allow-host', 'y'],
        { served: { place: { address: '::1', tls: { certificate: 'a', privateKey: 'b' }, allowedHosts: ['x.example', 'y'] } } },
      ],
      [['serve', 'keys'], { isJson: false }],
      [
        [
          'serve',
          'keys',
          'add',
          'ci',
          '--models',
          'a/*, b',
          '--rpm',
          '5',
          '--budget',
          '$5/day,20/Month,99/total',
          '--tags',
          'b,a,b',
        ],
        {
          name: 'ci',
          rights: { models: ['a/*', 'b'], requestsPerMinute: 5, tags: ['a', 'b'] },
          budgets: [
            { period: 'day', limit: '5', clientKey: 'ci' },
            { period: 'month', limit: '20', clientKey: 'ci' },
            { period: 'total', limit: '99', clientKey: 'ci' },
          ],
        },
      ],
      [['serve', 'keys', 'add', 'ci', '--expires', '2d'], { rights: { expiresAt: NOW + 2 * 86_400_000 } }],
      [
        ['serve', 'keys', 'add', 'ci', '--expires', '2027-01-31T12:30:00Z'],
        { rights: { expiresAt: Date.UTC(2027, 0, 31, 12, 30) } },
      ],
      [['serve', 'keys', 'remove', 'ci', '--json'], { name: 'ci', isJson: true }],
      [
        ['serve', '--log-format', 'json', '--log-content', '--cache', 'disk'],
        { served: { log: 'json', logsContent: true, isLive: false, cache: { place: 'disk', keptMs: 3_600_000 } } },
      ],
    ],
    [
      [['serve', '--sandbox', '--port', '70000'], /--port must be a number/],
      [['serve', '--tls-cert', 'a'], /--tls-cert and --tls-key must be used together/],
      [['serve', '--allow-host', 'http://a'], /--allow-host must be a host name/],
      [['serve', '--allow-origin', '*'], /--allow-origin must be an origin/],
      [['serve', 'keys', 'add', 'a b'], /invalid name "a b"/],
      [['serve', 'keys', 'add', 'a', '--rpm', '0'], /--rpm must be a whole number from 1/],
      [['serve', 'keys', 'add', 'a', '--budget', '5'], /--budget must be an amount and a period/],
      [['serve', 'keys', 'add', 'a', '--budget', '-5/day'], /--budget must be an amount in USD/],
      [['serve', 'keys', 'add', 'a', '--budget', '5/conversation'], /--budget must be an amount and a period/],
      [['serve', 'keys', 'add', 'a', '--models', 'x,,y'], /--models must be a comma-separated list/],
      [['serve', 'keys', 'add', 'a', '--expires', '1969'], /--expires must be/],
      [['mcp', 'add', 'files'], /an MCP server needs a command or a URL/],
    ],
  ],
  [
    'setup',
    [
      [['config', 'set', 'stop', 'END'], { key: 'stop', value: 'END' }],
      [['config', 'set', 'fallback', 'a,b'], { key: 'fallback', value: ['a', 'b'] }],
      [['config', 'get', 'model'], { key: 'model', resolved: { values: { model: 'a/stored' } } }],
      [['config', 'list', '--all', '--model', 'b/typed'], { isAll: true, resolved: { sources: { model: { source: 'flag' } } } }],
      [['profile', 'set', ' work ', 'stop', 'END', 'x'], { name: 'work', setting: { key: 'stop', value: 'END x' } }],
      [['profile', 'set', 'work'], { name: 'work', setting: undefined }],
      [['profile', 'create', 'a b'], { name: 'a b' }],
      [['profile', 'show'], { name: undefined, isJson: false }],
      [['profile', 'unset', 'work', 'model', 'api-key'], { name: 'work', keys: ['model', 'api-key'] }],
      [['profile', 'use', 'default'], 'default'],
      [['profile', 'rm', 'work'], 'work'],
      [['profile', '--json'], { isJson: true }],
      [['vendors', 'add', 'gemini'], { name: 'google', key: 'read', baseUrl: undefined }],
      [['vendors', 'add', 'lab', '--base-url', 'http://localhost:8000/v1', '--no-key'], { name: 'lab', key: 'none' }],
      [['vendors', 'test', 'gemini', 'mistral'], { names: ['google', 'mistral'], isJson: false }],
      [['auth', 'login', '--paste'], { way: 'paste', hasKeyboard: false }],
      [['auth', 'login', '--browser'], { way: 'browser' }],
      [['auth', 'login', '--no-browser'], { way: 'code' }],
      [['auth', 'login'], { way: undefined }],
      [['alias', 'add', 'Fast', 'a/b'], { name: 'fast', model: 'a/b' }],
      [['fav', 'add', 'a', 'b'], { names: ['a', 'b'] }],
      [['templates', 'add', 'one'], { name: 'one', hasKeyboard: false }],
      [['completion', 'bash'], 'bash'],
    ],
    [
      [['config', 'set', 'api-key', 'x'], /cannot be set on the command line/],
      [['profile', 'set', 'default', 'model', 'x'], /the stored settings alone/],
      [['profile', 'set', 'work', 'api-key', 'x'], /cannot be set on the command line/],
      [['profile', 'set', 'work', 'aliases', 'a=b/c'], /cannot be set in a profile/],
      [['config', 'set', 'modle', 'x'], /unknown setting "modle"/],
      [['--sandbox', 'auth', 'login'], /the sandbox needs no key/],
      [['alias', 'add', 'fast', 'a,b'], /an alias must refer to one model/],
    ],
  ],
])('%s', (_, good, bad) => {
  test.each(good)('%j', async (line, options) => {
    const parsed = await read(line);
    expect([parsed]).toMatchObject([options]);
  });

  test.each(bad)('%j is a usage error', async (line, told) => {
    await expect(read(line)).rejects.toThrow(told);
  });
});

test.each<[string[], object]>([
  [['chat'], { shown: { isLive: true, showsReceipt: true, isMarkdown: true } }],
  [['chat', '--no-markdown', 'x'], { shown: { isMarkdown: false } }],
  [['chat', '--screen-reader', 'x'], { shown: { isLive: false } }],
  [['chat', '-o', 'json', 'x'], { shown: { isLive: false } }],
  [['usage'], { isLive: true }],
  [['usage', '--watch'], { isLive: true, watch: true }],
  [['usage', '--static'], { isLive: false }],
])('on a terminal: %j', async (line, options) => {
  expect(await read(line, ALL_TERMINALS)).toMatchObject(options);
});

test('nothing can be imported from the keyboard', async () => {
  await expect(read(['ledger', 'import'], ALL_TERMINALS)).rejects.toThrow(/nothing to import/);
});

test('a flag after the name of a command overrides the same flag before it', async () => {
  expect(await read(['--base-url', 'https://a.example', 'chat', '--base-url', 'https://b.example', 'x'])).toMatchObject({
    flags: { 'base-url': 'https://b.example' },
  });
});
