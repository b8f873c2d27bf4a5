// Which floor may know which: cli → commands → ui | output | gateway → core → providers → http, storage.
// A folder that names a lower one only by type gets its instances handed in; see docs/architecture.md.

const floors = ['cli', 'commands', 'ui', 'output', 'gateway', 'core', 'providers', 'http', 'storage', 'tools'];
const folder = (...names) => `^src/(${names.join('|')})/`;

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

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-library-in-src',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
    },
    never('root-knows-no-floor', '^src/[^/]+\\.ts$', folder(...floors), 'errors, version and decimal are below everything'),
    never('nobody-knows-cli', `^src/(?!cli/)`, folder('cli'), 'the process is read in one place'),
    never('only-cli-knows-commands', `^src/(?!cli/|commands/)`, folder('commands')),
    never('core-is-pure', folder('core'), folder('ui', 'output', 'gateway')),
    onlyTypes('core-names-lower-floors-by-type', folder('core'), `${folder('http', 'storage', 'tools')}|^src/providers/[^/]+/`),
    onlyTypes(
      'renderers-get-data',
      folder('ui', 'output', 'gateway'),
      `${folder('http', 'storage', 'tools')}|^src/providers/[^/]+/`,
    ),
    onlyTypes('commands-get-services', folder('commands'), `${folder('http', 'storage', 'tools')}|^src/providers/[^/]+/`),
    never('output-knows-no-screen', folder('output'), folder('ui', 'gateway')),
    never('gateway-knows-no-screen', folder('gateway'), folder('ui', 'output')),
    never('providers-know-no-upper-floor', folder('providers'), folder('ui', 'output', 'gateway', 'core')),
    never('http-knows-nobody', folder('http'), folder('ui', 'output', 'gateway', 'core', 'providers', 'storage', 'tools')),
    never('storage-knows-nobody-above', folder('storage'), folder('ui', 'output', 'gateway', 'core', 'http', 'tools')),
    never('tools-know-nobody', folder('tools'), folder('ui', 'output', 'gateway', 'core', 'providers', 'http', 'storage')),
    onlyTypes('storage-names-providers-by-type', folder('storage'), folder('providers')),
    never('sandbox-has-no-network', '^src/providers/sandbox/', '^(http|https|net|undici|node:http|node:https|node:net)$'),
    owned(['ink', 'react'], 'ui/'),
    owned(['undici', 'eventsource-parser'], 'http/'),
    owned(['@modelcontextprotocol'], 'tools/'),
    owned(['conf', 'env-paths', 'libsql'], 'storage/'),
    owned(['cli-table3'], 'output/'),
    owned(['big\\.js'], 'decimal'),
    owned(['@leeoniya/ufuzzy'], 'core/market/fuzzy-models'),
    owned(['commander'], '(cli|commands)/'),
    owned(['commonmark'], 'core/code-blocks'),
    owned(['@cfworker'], '(core/schema/|tools/)'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
