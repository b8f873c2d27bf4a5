// Which layer may import which, which feature may import which inside a layer, and who may import a library. See docs/internals/architecture.md.
// A layer that names a lower one only by type gets its instances handed in.

const layers = [
  'cli',
  'commands',
  'ui',
  'output',
  'gateway',
  'core',
  'apis',
  'sandbox',
  'markdown',
  'http',
  'storage',
  'tools',
  'scripts',
  'text',
];
const folder = (...names) => `^src/(${names.join('|')})/`;
const above = (...names) => layers.filter((name) => !names.includes(name));

/**
 * The features of each layer, and which others of the same layer each may import. Files in the root of a layer are shared: they may be
 * imported by every feature. A feature that is not listed here may import no other one. The lists make no cycle.
 */
const features = {
  apis: {
    anthropic: ['wire'],
    'chat-completions': ['wire'],
    cohere: ['wire'],
    direct: ['anthropic', 'chat-completions', 'cohere', 'gemini', 'ollama', 'responses', 'wire'],
    gemini: ['wire'],
    ollama: ['wire'],
    openrouter: ['chat-completions', 'wire'],
    prices: ['openrouter', 'wire'],
    responses: ['wire'],
  },
  commands: {
    api: ['ledger'],
    chat: ['catalogue', 'prompt', 'session', 'tools', 'turn'],
    compare: ['catalogue', 'ledger', 'prompt', 'turn'],
    'compare-command': ['catalogue', 'chat', 'compare', 'judge', 'matrix', 'prompt', 'turn'],
    embed: ['text-rows'],
    'history-browser': ['chat', 'history'],
    judge: ['catalogue', 'compare', 'ledger', 'turn'],
    matrix: ['catalogue', 'compare', 'judge', 'ledger', 'prompt', 'turn'],
    models: ['catalogue', 'chat', 'compare', 'compare-command', 'price'],
    price: ['catalogue', 'prompt'],
    rerank: ['text-rows'],
    serve: ['ledger'],
    session: ['catalogue', 'compare', 'history', 'ledger', 'prompt', 'tools', 'turn'],
    setup: ['ledger', 'prompt', 'turn'],
    'text-rows': ['catalogue', 'ledger'],
    turn: ['catalogue', 'history', 'ledger', 'prompt', 'tools'],
    vendors: ['setup'],
  },
  core: {
    answer: ['model-id', 'request', 'settings', 'text'],
    budget: ['answer', 'model-id', 'price', 'time', 'tokens'],
    'client-keys': ['settings', 'time'],
    compare: ['answer', 'price', 'request', 'schema', 'settings', 'statistics', 'text', 'tokens'],
    conversation: ['answer', 'model-id', 'request', 'settings', 'tokens'],
    doctor: ['settings'],
    evaluation: ['schema', 'text'],
    'managed-keys': ['client-keys', 'settings'],
    'gateway-config': ['models', 'routing', 'text', 'vendors'],
    judge: ['answer', 'evaluation', 'rating', 'request', 'statistics'],
    matrix: [
      'answer',
      'answer-cache',
      'budget',
      'evaluation',
      'judge',
      'pipeline',
      'price',
      'request',
      'settings',
      'statistics',
      'tokens',
    ],
    models: ['compare', 'model-id', 'price', 'settings', 'text'],
    pipeline: ['price', 'request'],
    price: ['text', 'tokens'],
    rating: ['statistics'],
    request: ['model-id', 'settings'],
    routing: ['model-id', 'pipeline', 'request', 'text'],
    schema: ['text'],
    session: ['model-id', 'models', 'text'],
    settings: ['text'],
    'tab-completion': ['settings'],
    'text-rows': ['tokens'],
    tokens: ['model-id'],
    tools: ['answer', 'conversation', 'schema', 'settings'],
    usage: ['model-id', 'price', 'text', 'time'],
    vendors: ['settings', 'text'],
  },
  output: {
    chart: ['table', 'text'],
    chat: ['text'],
    compare: ['chat', 'table', 'text'],
    history: ['chart', 'html', 'models', 'table', 'text'],
    judge: ['table', 'text'],
    generation: ['setup', 'text'],
    keys: ['setup', 'table', 'text'],
    html: ['table', 'text'],
    ledger: ['chart', 'table', 'text'],
    matrix: ['html', 'judge', 'table', 'text'],
    models: ['table', 'text'],
    price: ['chart', 'models', 'table', 'text'],
    serve: ['table', 'text'],
    session: ['text'],
    doctor: ['text'],
    setup: ['table', 'text'],
    table: ['text'],
    'text-rows': ['chat', 'table', 'text'],
    tools: ['table', 'text'],
    usage: ['chart', 'chat', 'html', 'table', 'text'],
    vendors: ['chat', 'table', 'text'],
  },
  ui: {
    chat: ['markdown', 'screen'],
    compare: ['markdown', 'screen'],
    history: ['chat', 'screen'],
    markdown: ['screen'],
    models: ['compare', 'screen'],
    session: ['chat', 'screen'],
    serve: ['screen'],
    usage: ['screen'],
  },
  storage: {
    '.': ['files', 'sqlite'],
    'answer-store': ['files'],
    conversations: ['files', 'sqlite'],
    journal: ['conversations', 'files', 'ledger', 'sqlite'],
    decisions: ['files'],
    ledger: ['files', 'sqlite'],
    limits: ['files'],
    market: ['sqlite'],
    matrix: ['files'],
    sqlite: ['files'],
  },
};

/** `from` must not import `to` at all. */
const never = (name, from, to, comment) => ({ name, comment, severity: 'error', from: { path: from }, to: { path: to } });
/** `from` may name types of `to`, and nothing that runs. */
const onlyTypes = (name, from, to, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: to, dependencyTypesNot: ['type-only'] },
});
/** Only `owner` may import these libraries. */
const owned = (libraries, owner) => ({
  name: `only-${owner.replaceAll(/[^a-z]+/g, '-')}-imports-${libraries[0]}`,
  comment: 'each heavy library has one place where it is used',
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${owner}` },
  to: { path: `^node_modules/(${libraries.join('|')})/`, dependencyTypesNot: ['type-only'] },
});
/** A feature imports itself, the shared files of its layer, and the features of its list. */
const featureRules = Object.entries(features).flatMap(([layer, lists]) => {
  const known = Object.keys(lists).filter((feature) => feature !== '.');
  const rule = (name, from, allowed) => ({
    name: `feature-${layer}-${name}`,
    comment: 'features of one layer import each other as listed in .dependency-cruiser.cjs',
    severity: 'error',
    from: { path: from },
    to: { path: `^src/${layer}/[^/]+/`, ...(allowed.length === 0 ? {} : { pathNot: `^src/${layer}/(${allowed.join('|')})/` }) },
  });
  return [
    ...known.map((feature) => rule(feature, `^src/${layer}/${feature}/`, [feature, ...lists[feature]])),
    // Features without a list: only themselves. `$1` is the feature that imports.
    {
      ...rule('unlisted', `^src/${layer}/(?!(?:${known.join('|')})/)([^/]+)/`, []),
      to: { path: `^src/${layer}/[^/]+/`, pathNot: `^src/${layer}/$1/` },
    },
    // What all features share knows none of them, but for those listed under '.'.
    rule('shared', `^src/${layer}/[^/]+$`, lists['.'] ?? []),
  ];
});

module.exports = {
  forbidden: [
    { name: 'no-circular', comment: 'also not by type', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-library-in-src',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
    },
    never('root-knows-no-layer', '^src/[^/]+\\.ts$', folder(...layers), 'errors, version and decimal are below everything'),
    never('nobody-knows-cli', `^src/(?!cli/)`, folder('cli'), 'the process is read in one place'),
    never('only-cli-knows-commands', `^src/(?!cli/|commands/)`, folder('commands')),
    never('core-is-pure', folder('core'), folder('ui', 'output', 'gateway', 'sandbox', 'markdown')),
    onlyTypes(
      'core-names-lower-layers-by-type',
      folder('core'),
      `${folder('http', 'storage', 'tools', 'scripts')}|^src/apis/[^/]+/`,
    ),
    onlyTypes(
      'renderers-get-data',
      folder('ui', 'output', 'gateway'),
      `${folder('http', 'storage', 'tools', 'scripts', 'sandbox')}|^src/apis/[^/]+/`,
    ),
    onlyTypes(
      'commands-get-services',
      folder('commands'),
      `${folder('http', 'storage', 'tools', 'scripts', 'sandbox')}|^src/apis/[^/]+/`,
    ),
    never('output-knows-no-screen', folder('output'), folder('ui', 'gateway')),
    never('gateway-knows-no-screen', folder('gateway'), folder('ui', 'output')),
    never('apis-know-no-upper-layer', folder('apis'), folder('ui', 'output', 'gateway', 'core', 'sandbox', 'markdown')),
    never('sandbox-knows-only-apis', folder('sandbox'), folder(...above('sandbox', 'apis', 'text'))),
    never('markdown-knows-nobody', folder('markdown'), folder(...above('markdown', 'text'))),
    never('text-knows-nobody', folder('text'), folder(...above('text'))),
    never('http-knows-nobody', folder('http'), folder(...above('http', 'text'))),
    never('storage-knows-nobody-above', folder('storage'), folder(...above('storage', 'apis', 'text'))),
    never('scripts-know-nobody', folder('scripts'), folder(...above('scripts', 'text'))),
    never('tools-know-nobody', folder('tools'), folder(...above('tools', 'text'))),
    onlyTypes('storage-names-apis-by-type', folder('storage'), '^src/apis/[^/]+/'),
    never('sandbox-has-no-network', folder('sandbox'), '^(http|https|net|undici|node:http|node:https|node:net)$'),
    owned(['ink', 'react'], 'ui/'),
    owned(['undici', 'eventsource-parser'], 'http/'),
    owned(['@modelcontextprotocol'], 'tools/'),
    owned(['conf', 'libsql', 'lru-cache'], 'storage/'),
    owned(['@napi-rs'], 'cli/keychain/'),
    owned(['cli-table3'], 'output/table/'),
    owned(['csv-parse'], 'core/evaluation/dataset/rows'),
    owned(['diff'], 'core/compare/'),
    owned(['csv-stringify'], 'output/text/csv'),
    owned(['string-width'], 'output/text/width'),
    owned(['big\\.js'], 'decimal'),
    owned(['@leeoniya/ufuzzy'], 'core/models/fuzzy'),
    owned(['commander'], '(cli|commands)/'),
    owned(['@opentelemetry'], 'gateway/metrics/'),
    owned(['commonmark'], 'core/answer/code-blocks'),
    owned(['quickjs-emscripten-core', '@jitl'], 'scripts/'),
    owned(['@cfworker'], '(core/schema/|tools/)'),
    ...featureRules,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
