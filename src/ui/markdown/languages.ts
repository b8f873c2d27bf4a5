import type { StreamParser } from '@codemirror/streamparser';

type Mode = StreamParser<unknown>;

/** The highlighted languages. Each is loaded when the first code block in it starts. */
const LOADERS: Readonly<Record<string, () => Promise<Mode>>> = {
  javascript: async () => (await import('@codemirror/legacy-modes/mode/javascript')).javascript,
  typescript: async () => (await import('@codemirror/legacy-modes/mode/javascript')).typescript,
  json: async () => (await import('@codemirror/legacy-modes/mode/javascript')).json,
  python: async () => (await import('@codemirror/legacy-modes/mode/python')).python,
  shell: async () => (await import('@codemirror/legacy-modes/mode/shell')).shell,
  powershell: async () => (await import('@codemirror/legacy-modes/mode/powershell')).powerShell,
  c: async () => (await import('@codemirror/legacy-modes/mode/clike')).c,
  cpp: async () => (await import('@codemirror/legacy-modes/mode/clike')).cpp,
  csharp: async () => (await import('@codemirror/legacy-modes/mode/clike')).csharp,
  java: async () => (await import('@codemirror/legacy-modes/mode/clike')).java,
  kotlin: async () => (await import('@codemirror/legacy-modes/mode/clike')).kotlin,
  scala: async () => (await import('@codemirror/legacy-modes/mode/clike')).scala,
  dart: async () => (await import('@codemirror/legacy-modes/mode/clike')).dart,
  go: async () => (await import('@codemirror/legacy-modes/mode/go')).go,
  rust: async () => (await import('@codemirror/legacy-modes/mode/rust')).rust,
  ruby: async () => (await import('@codemirror/legacy-modes/mode/ruby')).ruby,
  swift: async () => (await import('@codemirror/legacy-modes/mode/swift')).swift,
  lua: async () => (await import('@codemirror/legacy-modes/mode/lua')).lua,
  perl: async () => (await import('@codemirror/legacy-modes/mode/perl')).perl,
  r: async () => (await import('@codemirror/legacy-modes/mode/r')).r,
  haskell: async () => (await import('@codemirror/legacy-modes/mode/haskell')).haskell,
  sql: async () => (await import('@codemirror/legacy-modes/mode/sql')).standardSQL,
  html: async () => (await import('@codemirror/legacy-modes/mode/xml')).html,
  xml: async () => (await import('@codemirror/legacy-modes/mode/xml')).xml,
  css: async () => (await import('@codemirror/legacy-modes/mode/css')).css,
  yaml: async () => (await import('@codemirror/legacy-modes/mode/yaml')).yaml,
  toml: async () => (await import('@codemirror/legacy-modes/mode/toml')).toml,
  ini: async () => (await import('@codemirror/legacy-modes/mode/properties')).properties,
  dockerfile: async () => (await import('@codemirror/legacy-modes/mode/dockerfile')).dockerFile,
  diff: async () => (await import('@codemirror/legacy-modes/mode/diff')).diff,
};

const ALIASES: Readonly<Record<string, string>> = {
  js: 'javascript',
  jsx: 'javascript',
  mjs: 'javascript',
  node: 'javascript',
  ts: 'typescript',
  tsx: 'typescript',
  json5: 'json',
  jsonc: 'json',
  py: 'python',
  python3: 'python',
  sh: 'shell',
  bash: 'shell',
  zsh: 'shell',
  console: 'shell',
  ps1: 'powershell',
  h: 'c',
  'c++': 'cpp',
  cc: 'cpp',
  hpp: 'cpp',
  'c#': 'csharp',
  cs: 'csharp',
  kt: 'kotlin',
  golang: 'go',
  rs: 'rust',
  rb: 'ruby',
  pl: 'perl',
  hs: 'haskell',
  mysql: 'sql',
  postgresql: 'sql',
  sqlite: 'sql',
  htm: 'html',
  svg: 'xml',
  scss: 'css',
  yml: 'yaml',
  conf: 'ini',
  docker: 'dockerfile',
  patch: 'diff',
};

/** Returns the canonical name of the language in a fence's info string, or undefined for an unknown language. */
export function languageOf(info: string): string | undefined {
  const word = /^[{.\s]*([\w+#-]+)/.exec(info)?.[1]?.toLowerCase() ?? '';
  const name = Object.hasOwn(ALIASES, word) ? ALIASES[word]! : word;
  return Object.hasOwn(LOADERS, name) ? name : undefined;
}

export function loadLanguage(name: string): Promise<Mode> {
  return LOADERS[name]!();
}
