// What orx aims at, in one table: a measurement names the target that its figure belongs to. A target of start-up is a ratio to
// `node -e 0` of the same Node, with a limit for Node 20 and one for newer versions, whose own start takes longer.

/**
 * @typedef {object} Target
 * @property {string} what
 * @property {number} limit At most.
 * @property {number} [newerLimit] On Node 22 and newer, if it differs.
 * @property {'×' | 'ms' | 's' | '%' | 'MB'} unit
 */

/** @typedef {keyof typeof TARGETS} TargetName */

export const TARGETS = /** @satisfies {Record<string, Target>} */ ({
  version: times('orx --version, to its end', 1, 1),
  help: times('orx --help, to its end', 1.8, 1.6),
  'chat-http': times('piped chat over http, first byte', 2.2, 2),
  'chat-https': times('piped chat over https, first byte', 3.4, 2.7),
  'chat-without-cache': times('the same over http, without compiled code', 3.2),
  'first-line': times('chat on a terminal, first line', 1.5, 1.5),
  'first-frame': times('chat on a terminal, first Ink frame', 3, 2.6),
  'models-static': times('models --static of 500 stored models, to its end', 2.3, 2.1),
  price: times('price of a model, endpoints requested, to its end', 2.9, 2.6),
  usage: times('usage of a small ledger, to its end', 2.7, 2.5),
  'pacing-and-metadata': times('pacing and metadata, first byte to that without both', 1.02),
  'token-cost': times('processor time of a token, one event a write, to openai', 0.3),
  'ink-share': { what: 'Ink at 500 tokens per second, share of a core', limit: 5, unit: '%' },
  markdown: times('Markdown of 50 KB, to plain text', 3),
  input: { what: '1 MB on standard input, more than a short prompt', limit: 60, unit: 'ms' },
  memory: { what: 'peak memory of 100,000 tokens in a pipe', limit: 75, unit: 'MB' },
  'large-ledger': times('reports over ten million entries, to an empty ledger', 2),
  import: { what: 'import of a million entries', limit: 10, unit: 's' },
});

/**
 * @param {string} what
 * @param {number} limit
 * @param {number} [newerLimit]
 * @returns {Target}
 */
function times(what, limit, newerLimit) {
  return { what, limit, unit: '×', ...(newerLimit !== undefined && { newerLimit }) };
}

/**
 * Returns the aim of the figures that belong to a target, on this Node.
 * @param {TargetName} name
 * @returns {{ limit: number }}
 */
export function aimOf(name) {
  /** @type {Target} */
  const { limit, newerLimit = limit } = TARGETS[name];
  return { limit: Number.parseInt(process.versions.node, 10) >= 22 ? newerLimit : limit };
}
