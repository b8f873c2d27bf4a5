// Patches that the build applies to libraries. Most prevent a library from preparing at start what most commands never need; some
// fix a bug that newer versions no longer have. Each patch contains the code that it replaces; the build fails when that code is
// gone, so that no patch silently stops applying.

import { readFile } from 'node:fs/promises';

/**
 * Characters with a width of one column on their own: no combining marks, no emoji, nothing wide. Measuring text of only these
 * characters needs no table.
 */
export const ONE_COLUMN =
  '\\u0020-\\u007E\\u00A1-\\u00AC\\u00AE-\\u02FF\\u2010-\\u2027\\u2030-\\u205E\\u2190-\\u2199\\u21B5\\u2200-\\u22FF\\u2500-\\u25FC\\u2605\\u2713\\u2717\\u2800-\\u28FF';

const COMMANDER = /node_modules[\\/]commander[\\/]lib[\\/]command\.js$/;
const COMMANDER_INDEX = /node_modules[\\/]commander[\\/]index\.js$/;
const ANSI_TOKENIZER = /ansi-tokenize[\\/]build[\\/]tokenize\.js$/;
const YOGA_BINARY = /yoga-wasm-base64-esm\.js$/;
const INK_ERROR = /ink[\\/]build[\\/]components[\\/]ErrorOverview\.js$/;
const INK_OUTPUT = /ink[\\/]build[\\/]output\.js$/;
const INK_MEASURE = /ink[\\/]build[\\/]measure-text\.js$/;
const INK_RECONCILER = /ink[\\/]build[\\/]reconciler\.js$/;
const CSV_PARSE = /node_modules[\\/]csv-parse[\\/]lib[\\/]api[\\/]index\.js$/;
const UNDICI_PARSER = /node_modules[\\/]undici[\\/]lib[\\/]dispatcher[\\/]client-h1\.js$/;

/** @type {readonly { file: RegExp; replace: string | RegExp; by: string; why: string }[]} */
const PATCHES = [
  {
    file: /@opentelemetry[\\/]sdk-metrics[\\/]build[\\/](?:esm|src)[\\/]utils\.js$/,
    replace: /(export )?function hashAttributes\(attributes\) \{/,
    by: `const knownHashes = new WeakMap();
$1function hashAttributes(attributes) {
    const known = knownHashes.get(attributes);
    if (known !== undefined) return known;
    const hash = hashOfAttributes(attributes);
    if (Object.isFrozen(attributes)) knownHashes.set(attributes, hash);
    return hash;
}
function hashOfAttributes(attributes) {`,
    why: 'each record writes its labels out several times: of labels that never change that is done once',
  },
  {
    file: /node_modules[\\/]string-width[\\/]index\.js$/,
    replace: '/^[\\u0020-\\u007E]*$/.test(string)',
    by: `(ambiguousIsNarrow && /^[${ONE_COLUMN}]*$/.test(string))`,
    why: 'the waiting line and most European text are measured without setting up the two tables below',
  },
  {
    file: /(^|[\\/])node_modules[\\/]string-width[\\/]index\.js$|slice-ansi[\\/]tokenize-ansi\.js$/,
    replace: /const (\w+) = (new Intl\.Segmenter\(.*\));/,
    by: 'let madeSegmenter; const $1 = { segment: (text) => (madeSegmenter ??= $2).segment(text) };',
    why: 'setting up the segmenter takes some 13 ms',
  },
  {
    file: /node_modules[\\/]string-width[\\/]index\.js$/,
    replace: /const (\w+) = (\/\^\\p\{RGI_Emoji\}\$\/v);/,
    by: 'let madeRegex; const $1 = { test: (text) => (madeRegex ??= $2).test(text) };',
    why: 'expanding all emoji takes some 20 ms',
  },
  {
    file: /node_modules[\\/]string-width[\\/]index\.js$/,
    replace: /const (\w+) = (\/\[\^\\p\{Default_Ignorable_Code_Point\}[^\n]*\/v);/,
    by: 'let madeVisible; const $1 = { [Symbol.search]: (text) => text.search((madeVisible ??= $2)), test: (text) => (madeVisible ??= $2).test(text) };',
    why: 'the sets of characters in it take 0.3 ms, and plain text needs none of them',
  },
  {
    file: /node_modules[\\/]string-width[\\/]index\.js$/,
    replace: /const (\w+) = (\/\\p\{Spacing_Mark\}\/v);/,
    by: 'let madeSpacing; const $1 = { test: (text) => (madeSpacing ??= $2).test(text) };',
    why: 'the same',
  },
  {
    file: /node_modules[\\/]string-width[\\/]index\.js$/,
    replace: /const (\w+) = (\/\\p\{Extended_Pictographic\}\/gu);/,
    by: 'let madePictographic; const $1 = { [Symbol.match]: (text) => text.match((madePictographic ??= $2)) };',
    why: 'the same',
  },
  {
    file: COMMANDER,
    replace: "const { Help, stripColor } = require('./help.js');",
    by: "const Help = function () { return new (require('./help.js').Help)(); };\nconst stripColor = (text) => require('./help.js').stripColor(text);",
    why: 'most commands print no help',
  },
  {
    file: COMMANDER,
    replace: "const { suggestSimilar } = require('./suggestSimilar');",
    by: "const suggestSimilar = (...given) => require('./suggestSimilar').suggestSimilar(...given);",
    why: 'only an error suggests something',
  },
  {
    file: COMMANDER_INDEX,
    replace: "const { Help } = require('./lib/help.js');",
    by: '',
    why: 'the same',
  },
  {
    file: COMMANDER_INDEX,
    replace: /exports\.program = new Command\(\);|exports\.Help = Help;/,
    by: '',
    why: 'the same; orx makes its own program',
  },
  {
    file: COMMANDER_INDEX,
    replace: /exports\.program = new Command\(\);|exports\.Help = Help;/,
    by: '',
    why: 'the same: the other one of the two lines',
  },
  {
    file: ANSI_TOKENIZER,
    replace: /const segmenter = (new Intl\.Segmenter\(.*\));/,
    by: `let madeSegmenter;
const segmenter = {
    segment: (text) => (/^[\\u0007\\u001B${ONE_COLUMN}]*$/.test(text) ? eachCharacter(text) : (madeSegmenter ??= $1).segment(text)),
};
function* eachCharacter(text) {
    for (let index = 0; index < text.length; index++) yield { segment: text[index], index };
}`,
    why: 'Ink cuts every row with it: setting up the segmenter takes some 13 ms, and text of these characters needs none',
  },
  {
    file: YOGA_BINARY,
    replace: 'var _scriptDir = import.meta.url;',
    by: 'var _scriptDir = "";',
    why: 'Yoga needs no address: its WebAssembly is in the file',
  },
  {
    file: YOGA_BINARY,
    replace: /if\(h\.instantiateWasm\)try\{return h\.instantiateWasm\(d,\s*a\)\}/,
    by: 'try{const made=new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(H.slice(H.indexOf(",")+1),"base64")),d);a(made);return made.exports}',
    why: 'a pack has no await at its top, so Yoga is instantiated at once; it would also load all of Node’s fetch to read its own file, which takes 40 ms',
  },
  {
    file: /yoga-layout[\\/]dist[\\/]src[\\/]index\.js$/,
    replace: 'const Yoga = wrapAssembly(await loadYoga());',
    by: 'const assembly = {}; loadYoga(assembly); const Yoga = wrapAssembly(assembly);',
    why: 'the same',
  },
  {
    file: INK_ERROR,
    replace: "import StackUtils from 'stack-utils';",
    by: '',
    why: 'reading stack traces takes 3 ms to set up, and only a view that has failed needs it',
  },
  {
    file: INK_ERROR,
    replace: /const stackUtils = new StackUtils\((\{[^}]+\})\);/,
    by: `let madeUtils;
const makeUtils = () => {
    const StackUtils = require('stack-utils');
    return new StackUtils($1);
};
const stackUtils = { parseLine: (line) => (madeUtils ??= makeUtils()).parseLine(line) };`,
    why: 'the same',
  },
  {
    file: INK_OUTPUT,
    replace: 'caches = new OutputCaches();',
    by: 'caches = keptCaches();',
    why: 'each frame cut and measured all of its lines again, although few of them differ from the last one',
  },
  {
    file: INK_OUTPUT,
    replace: 'export default class Output {',
    by: `let kept;
function keptCaches() {
    if (kept === undefined || kept.styledChars.size > 500 || kept.widths.size > 5000 || kept.blockWidths.size > 500) kept = new OutputCaches();
    return kept;
}
const BLANK = { type: 'char', value: ' ', fullWidth: false, styles: [] };
export default class Output {`,
    why: 'the same; the limits bound the memory to a few megabytes',
  },
  {
    file: INK_OUTPUT,
    replace:
      /\.map\(line => \{\s+\/\/[^\n]*\s+const lineWithoutEmptyItems = line\.filter\(item => item !== undefined\);\s+return styledCharsToString\(lineWithoutEmptyItems\)\.trimEnd\(\);\s+\}\)/,
    by: '.map((row, y) => row.toText(y))',
    why: 'a row of the same cells as in the last frame has the same text',
  },
  {
    file: INK_OUTPUT,
    replace: 'export default class Output {',
    by: `const keptRows = [];
function rowText(row, y) {
    const known = keptRows[y];
    if (known !== undefined && isSameRow(known.row, row)) return known.text;
    const text = styledCharsToString(row.filter(item => item !== undefined)).trimEnd();
    if (y < 500) keptRows[y] = { row, text };
    return text;
}
const CODE = /\\u001B(?:\\[([0-9;]*)m)?/g;
const COLOR = /^(?:[349]\\d|10\\d|[34]8;(?:5;\\d+|2;\\d+;\\d+;\\d+))$/;
/** The code that ends what this one begins; undefined for other codes. */
function endOf(code) {
    if (/^[1-9]$/.test(code)) return code === '1' || code === '2' ? '22' : '2' + code;
    return COLOR.test(code) ? (/^[39]/.test(code) ? '39' : '49') : undefined;
}
function leavesNothingOpen(line) {
    if (!line.includes('\\u001B')) return true;
    const open = new Set();
    for (const [, code] of line.matchAll(CODE)) {
        if (code === '0') open.clear();
        else if (/^(?:2[2-9]|[34]9)$/.test(code)) open.delete(code);
        else {
            const end = endOf(code);
            if (end === undefined) return false;
            open.add(end);
        }
    }
    return open.size === 0;
}
class Row {
    width; x = 0; text = undefined; made = undefined;
    constructor(width) { this.width = width; }
    takeText(x, text) {
        if (this.made !== undefined || this.text !== undefined || x < 0 || x > this.width || !leavesNothingOpen(text)) return false;
        this.x = x;
        this.text = text;
        return true;
    }
    cells(caches) {
        if (this.made !== undefined) return this.made;
        this.made = new Array(this.width).fill(BLANK);
        if (this.text === undefined) return this.made;
        let x = this.x;
        for (const character of caches.getStyledChars(this.text)) {
            this.made[x] = character;
            const width = Math.max(1, caches.getStringWidth(character.value));
            for (let next = 1; next < width; next++) this.made[x + next] = { type: 'char', value: '', fullWidth: false, styles: character.styles };
            x += width;
        }
        return this.made;
    }
    toText(y) {
        if (this.made !== undefined) return rowText(this.made, y);
        return this.text === undefined ? '' : (' '.repeat(this.x) + this.text).trimEnd();
    }
}
function isSameRow(one, other) {
    if (one.length !== other.length) return false;
    for (let x = 0; x < one.length; x++) if (one[x] !== other[x]) return false;
    return true;
}
export default class Output {`,
    why: 'the same; rows beyond 500 are those of a text that is written once',
  },
  {
    file: INK_OUTPUT,
    replace: /const row = \[\];\s+for \(let x = 0; x < this\.width; x\+\+\) \{[^}]+\}\);\s+\}\s+output\.push\(row\);/,
    by: 'output.push(new Row(this.width));',
    why: 'most rows are one text, which needs no cells',
  },
  {
    file: INK_OUTPUT,
    replace: 'const characters = this.caches.getStyledChars(line);',
    by: `if (row.takeText(x, line)) {
                        offsetY++;
                        continue;
                    }
                    const currentLine = row.cells(this.caches);
                    const characters = this.caches.getStyledChars(line);`,
    why: 'the same',
  },
  {
    file: INK_OUTPUT,
    replace: /const currentLine = (output\[y \+ offsetY\];[^}]+if \(!)currentLine\)/,
    by: 'const row = $1row)',
    why: 'the same',
  },
  {
    file: INK_MEASURE,
    replace: 'cache.set(text, dimensions);',
    by: 'if (cache.size > 5000) cache.clear(); cache.set(text, dimensions);',
    why: 'it kept every text of every frame as long as the process runs: a session of hours draws hundreds of thousands',
  },
  {
    file: INK_RECONCILER,
    replace: "await import('./devtools.js');",
    by: '',
    why: 'a pack has no await at its top; this is the bridge to React’s browser tools, which orx does not install',
  },
  {
    file: INK_RECONCILER,
    replace: '? await loadPackageJson()',
    by: '? undefined',
    why: 'the same; only the browser tools read it',
  },
  {
    file: CSV_PARSE,
    replace: /\.\.\.this\.info,(\s+)columns: this\.options\.columns,/,
    by: 'columns: this.options.columns,$1...this.info,',
    why: 'on Node 20, each copy that gets a new field has a hidden class of its own, which takes microseconds for each row',
  },
  {
    file: CSV_PARSE,
    replace: /return \{\s+\.\.\.this\.__infoDataSet\(\),([^}]+index: this\.state\.record\.length,[^}]+)\};/,
    by: 'return Object.assign({}, this.__infoDataSet(), {$1});',
    why: 'as above',
  },
  {
    file: UNDICI_PARSER,
    replace: /(finish \(\) \{\s+assert\(currentParser === null\)\s+assert\(this\.ptr != null\)\s+)assert\(!this\.paused\)/,
    by: `$1let isDrained = false
    while (this.paused) {
      this.llhttp.llhttp_resume(this.ptr)
      this.paused = false
      if (isDrained) break
      const rest = this.socket.read()
      isDrained = rest === null
      this.execute(rest ?? EMPTY_BUF)
    }`,
    why: 'a reply that ends while its reader is slow throws an assertion that nobody can catch (undici issue 5360, fixed in version 8, which needs Node 22)',
  },
  {
    file: UNDICI_PARSER,
    replace:
      /(function onHttpSocketEnd \(\) \{\s+const parser = this\[kParser\]\s+if \(parser\.statusCode && )!parser\.shouldKeepAlive\)/,
    by: '$1(!parser.shouldKeepAlive || parser.paused))',
    why: 'a complete reply whose reader is slow counts as cut when the server closes the kept-alive connection right behind it',
  },
  {
    file: UNDICI_PARSER,
    replace: /if \(statusCode === 100\) \{\s+util\.destroy\([^\n]+\s+return -1\s+\}/,
    by: '',
    why: 'a client must skip every 1xx reply, whether it asked for one or not (RFC 9110, section 15.2)',
  },
  {
    file: UNDICI_PARSER,
    replace: 'module.exports = connectH1',
    by: `module.exports = connectH1
module.exports.loadParser = function loadParser () {
  llhttpInstance ??= lazyllhttp()
  const { exports: llhttp } = llhttpInstance
  llhttp.llhttp_free(llhttp.llhttp_alloc(constants.TYPE.RESPONSE))
}
module.exports.parseOnce = function parseOnce (reply) {
  module.exports.loadParser()
  const { exports: llhttp } = llhttpInstance
  const pass = () => 0
  const ptr = llhttp.llhttp_alloc(constants.TYPE.RESPONSE)
  const parser = Object.assign(Object.create(Parser.prototype), { llhttp, ptr, socket: null, paused: false })
  for (const name of ['onStatus', 'onMessageBegin', 'onHeaderField', 'onHeaderValue', 'onHeadersComplete', 'onBody', 'onMessageComplete']) parser[name] = pass
  parser.execute(Buffer.from(reply))
  llhttp.llhttp_free(ptr)
}`,
    why: 'http/warm-up.ts compiles the parser while V8 has other flags',
  },
];

/** Patches that no build has applied yet. */
const unapplied = new Set(PATCHES);

/** Throws an error for a patch that no build has applied: its file is not part of the program, or has moved. */
export function checkPatches() {
  const [left] = unapplied;
  if (left !== undefined) throw new Error(`${left.file.source}: no build has loaded this file (${left.why})`);
}

/**
 * Applies the patches.
 * @returns {import('esbuild').Plugin}
 */
export function patched() {
  return {
    name: 'patched',
    setup({ onLoad }) {
      onLoad({ filter: new RegExp(PATCHES.map(({ file }) => file.source).join('|')) }, async ({ path }) => {
        let contents = await readFile(path, 'utf8');
        // A nested string-width is another major version, with other code.
        const isNested = path.split(/node_modules/).length > 2;
        for (const patch of PATCHES.filter(({ file }) => file.test(path))) {
          const { file, replace, by, why } = patch;
          const next = contents.replace(replace, by);
          if (next === contents && !isNested && contents !== '') throw new Error(`${file.source}: nothing to patch (${why})`);
          if (next !== contents) unapplied.delete(patch);
          contents = next;
        }
        return { contents };
      });
    },
  };
}
