import { readFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';

// Requiring it takes half of the time of importing it: it is one large file without ES modules.
/** @type {import('typescript')} */
const ts = createRequire(import.meta.url)('typescript');

// Finds words that orx does not use in what people read: docs, help, errors, comments and the titles of tests. Run `npm run
// words`. Lines are checked separately, so an expression must not span the end of a line.

/** @type {readonly (readonly [pattern: RegExp, instead: string])[]} */
const WORDS = [
  [/\bfilms?\b/i, 'video'],
  [/\blikel(?:ier|iest)\b/i, 'more likely, most likely'],
  [/\bdear(?:er|est)?\b/i, 'more expensive'],
  [/\breckon\w*/i, 'estimate'],
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/\bsets? aside\b/i, 'move to *.corrupt'],
  [/\baloud\b/i, 'explicitly; spoken'],
  [/\b(?:over|book)?booked\b|\bbooks (?:a|the|it)\b/i, 'recorded'],
  [/\bbills? of\b|\bkeep the bill\b/i, 'cost'],
  [/\bwho (?:answers|serves)\b/i, 'the model, the provider'],
  [/\bthoughts\b|\bthinks? first\b/i, 'reasoning'],
  [/\bdemand(?:s|ed|ing)?\b/i, 'require'],
  [/\bpass(?:es|ed)? over\b/i, 'skip'],
  [/\bleaves? no trace\b/i, 'do not record'],
  [/\bgo(?:es|ing)? on with\b/i, 'continue'],
  [/\banew\b/i, 'again, new'],
  [/\bin the middle of (?:a|an|the) (?:stream|answer|reply)\b/i, 'mid-stream'],
  [/\bwhoever\b/i, 'who, the caller, the user'],
  [/\bhow (?:it|they) looks?\b/i, 'theme, appearance'],
  [/\bcomma lists?\b/i, 'comma-separated list'],
  [/\bnear to\b/i, 'close to, similar to'],
  [/\bso many\b/i, 'that many, this many'],
  [/\bfor good\b/i, 'permanently'],
  [/\ball is well\b/i, 'no problems found'],
  [/(?<![-/])\bbills?\b(?![-.])/i, 'cost, charge'],
  [/\bunder way\b/i, 'in progress'],
  [/\bby the token\b/i, 'per token'],
  [/\b(?:leads?|led) nowhere\b/i, 'broken, unknown'],
  [/\b(?:fell|falls?|stay(?:s|ed)?) silent\b/i, 'timed out, sent nothing'],
  [/\banother \w+ than\b/i, 'other than'],
  [/\bunasked\b(?!\.ts)/i, 'without asking'],
  [/\bnot told\b/i, 'unknown, not stated'],
  [/\bhands? \w+ on to\b/i, 'route, pass'],
  [/\bgoes on (?:in|from)\b|\bgone away\b/i, 'continues; has disconnected'],
  [/[\d}] %(?! \d)/, '5%, without a space'],
  [/\bsays? so\b/i, 'report it; better: what orx prints'],
  [/\b(?:colour|favourite|behaviour|cancell(?:ed|ing)|catalogued|honour|licence)\w*/i, 'American spelling'],
];

/**
 * Words that only what a user reads must not contain: the program's texts and the docs, but not comments.
 * @type {readonly (readonly [pattern: RegExp, instead: string])[]}
 */
const WORDS_FOR_USERS = [
  [/\bcatalogues?\b/i, 'catalog'],
  [/\bwins? over the\b/i, 'overrides'],
  [/\bthe words of the command line\b/i, 'the text on the command line'],
];

const EXEMPT = new Set([
  // These files contain the words themselves.
  '.ci/check-words.js',
  'test/cli/help/help.test.ts',
  // Old spellings that orx still accepts.
  'src/old-setting-keys.ts',
  'src/cli/help/command-table.ts',
  'src/commands/catalogue/filter-flags.ts',
]);

/** Values of an API or of a metric that others read. */
const VALUES = /'(?:cancelled|CANCELLED|caller\.cancelled|favourites)'/g;

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter(
    (file) =>
      /\.(?:md|ts|tsx|js|mjs|cjs|sh)$/.test(file) && !EXEMPT.has(file) && !/\b(?:__snapshots__|package-lock)\b/.test(file),
  );

const ALL_WORDS = [...WORDS, ...WORDS_FOR_USERS];

/** @type {string[]} */
const found = [];
for (const file of files) {
  const text = readFileSync(file, 'utf8');
  // Most files have none of the words anywhere, so they need not be parsed.
  if (!ALL_WORDS.some(([pattern]) => pattern.test(text))) continue;
  const lines = /\.(?:md|sh)$/.test(file)
    ? text.split('\n').map((line, index) => ({ line: withoutCode(line, file), number: index + 1, isForUsers: true }))
    : readableLines(text, file);
  for (const { line, number, isForUsers } of lines) {
    const checked = line.replaceAll(VALUES, '');
    for (const [pattern, instead] of isForUsers ? ALL_WORDS : WORDS) {
      const match = pattern.exec(checked);
      if (match !== null) found.push(`${file}:${number}: "${match[0]}": write ${instead}`);
    }
  }
}
for (const one of found) process.stdout.write(`${one}\n`);
if (found.length > 0) process.exitCode = 1;

/**
 * Returns the lines of comments and of the program's texts: help, errors, titles of tests. Other strings in tests are samples and
 * are skipped.
 * @param {string} text
 * @param {string} file
 */
function readableLines(text, file) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  /** @type {{ line: string, number: number, isForUsers: boolean }[]} */
  const result = [];
  const add = (/** @type {number} */ from, /** @type {number} */ to, isForUsers = false) => {
    const first = source.getLineAndCharacterOfPosition(from).line + 1;
    for (const [index, line] of text.slice(from, to).split('\n').entries())
      result.push({ line, number: first + index, isForUsers: isForUsers && line.includes(' ') });
  };
  /** @type {Set<number>} */
  const seen = new Set();
  const comments = (/** @type {import('typescript').CommentRange[] | undefined} */ ranges) => {
    for (const { pos, end } of ranges ?? []) {
      if (seen.has(pos)) continue;
      seen.add(pos);
      add(pos, end);
    }
  };
  const isProgram = /^(?:src|bin|examples|docs|\.ci)\//.test(file);
  const visit = (/** @type {import('typescript').Node} */ node) => {
    comments(ts.getLeadingCommentRanges(text, node.getFullStart()));
    comments(ts.getTrailingCommentRanges(text, node.getEnd()));
    if (isText(node) && (isProgram || isTitle(node))) add(node.getStart(source), node.getEnd(), isProgram);
    ts.forEachChild(node, visit);
  };
  visit(source);
  comments(ts.getLeadingCommentRanges(text, source.endOfFileToken.getFullStart()));
  return result;
}

/** @param {import('typescript').Node} node */
function isText(node) {
  return (
    ts.isStringLiteral(node) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddleOrTemplateTail(node) ||
    ts.isJsxText(node)
  );
}

/** @param {import('typescript').Node} node */
function isTitle(node) {
  const call = node.parent;
  if (!ts.isCallExpression(call) || call.arguments[0] !== node) return false;
  return /^(?:test|it|describe)\b/.test(call.expression.getText());
}

/**
 * Names in code are what they are, such as the old spelling of a flag.
 * @param {string} line
 * @param {string} file
 */
function withoutCode(line, file) {
  return file.endsWith('.md') ? line.replaceAll(/`[^`]*`/g, '') : line;
}
