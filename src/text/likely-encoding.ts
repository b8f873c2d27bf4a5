/** An encoding other than UTF-8: its display name, and its name for iconv. */
export interface Encoding {
  name: string;
  iconv: string;
}

interface Candidate extends Encoding {
  /** Label of Node's decoder for it. */
  label: string;
  /** Characters that are common in this encoding, and rare when text of another encoding is decoded as this one. */
  common: RegExp;
}

/** Enough to detect the encoding; decoding all of a large file a dozen times takes seconds. */
const SAMPLE = 64 * 1024;
/** Minimum share of byte pairs with a zero byte in UTF-16: even texts without Latin letters contain spaces and digits. */
const ZERO_PAIRS = 0.1;

/** Returns the wide encoding (UTF-16 or UTF-32) that the byte order mark or the zero bytes indicate, or undefined. */
export function wideEncoding(bytes: Uint8Array): Encoding | undefined {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? wide('UTF-32') : wide('UTF-16');
  if (a === 0xfe && b === 0xff) return wide('UTF-16');
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return wide('UTF-32');
  const zeros = [0, 0, 0, 0];
  const sample = bytes.subarray(0, SAMPLE);
  sample.forEach((byte, index) => byte === 0 && (zeros[index % 4]! += 1));
  const [first = 0, second = 0, third = 0, fourth = 0] = zeros;
  const isQuads = bytes.length % 4 === 0;
  if (isQuads && first === 0 && second > 0 && second === third && third === fourth) return wide('UTF-32LE');
  if (isQuads && fourth === 0 && first > 0 && first === second && second === third) return wide('UTF-32BE');
  if (bytes.length % 2 === 1) return undefined;
  const least = (sample.length / 2) * ZERO_PAIRS;
  if (first + third === 0 && second + fourth > least) return wide('UTF-16LE');
  return second + fourth === 0 && first + third > least ? wide('UTF-16BE') : undefined;
}

/**
 * Returns the most likely encoding of bytes that are not UTF-8, or undefined when none fits. Detection libraries need pages of
 * text and guess at random for the few words of a pipe, so each candidate is decoded here and scored by how common its characters
 * are.
 */
export function likelyEncoding(bytes: Uint8Array): Encoding | undefined {
  const sample = bytes.subarray(0, SAMPLE);
  const judged = candidates().map((candidate) => ({ candidate, score: scoreOf(candidate, sample) }));
  const best = judged.toSorted((a, b) => b.score - a.score)[0]!;
  return best.score > 0 ? best.candidate : undefined;
}

/** Returns the share of non-ASCII characters that are common, minus the share of characters that occur in no text. */
function scoreOf({ label, common }: Candidate, sample: Uint8Array): number {
  const text = new TextDecoder(label).decode(sample);
  const foreign = text.match(/[^\0-\x7f]/gu)?.length ?? 0;
  const rest = text.replace(common, '');
  const broken = rest.match(/[\ufffd\u0080-\u009f\ue000-\uf8ff]/gu)?.length ?? 0;
  return foreign === 0 ? 0 : ((text.match(common)?.length ?? 0) - broken) / foreign;
}

/** The order decides between equal scores. */
function candidates(): readonly Candidate[] {
  const western = 'àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿœß';
  const central = 'ąćęłńóśźżáčďéěíňřšťúůýžőűäöüßâăîșț';
  // Scripts with few letters list only their most frequent ones: in another encoding of the same script, every byte is some
  // letter.
  const cyrillic = 'оеаинтсрвлкОЕАИНТСРВЛК';
  const han =
    '的一是不了在人有我他这這个個们們中来來大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于着下自之年过過发發后後作里用道行所然家种種事成方多经經么法去学學如都同现現当當没沒动動面起看定天分还還进進好小部其些主样樣理心她本前开開但因只从從想实實世界测測试試文件错錯误誤日语語字码碼，。、：';
  const japanese = `\\u3041-\\u30fe${han}`;
  return [
    // Node 20 decodes Windows-1252 as Latin-1: its quotes and dashes become U+0082 to U+009F.
    latin('windows-1252', 'Windows-1252 (Western European)', western, '\\u0080\\u0082\\u0084\\u0085\\u0091-\\u0097\\u0099'),
    latin('macintosh', 'Mac Roman', western),
    latin('windows-1250', 'Windows-1250 (Central European)', central),
    script('windows-1251', 'Windows-1251 (Cyrillic)', cyrillic),
    script('koi8-r', 'KOI8-R (Cyrillic)', cyrillic),
    { ...script('ibm866', 'CP866 (Cyrillic)', cyrillic), iconv: 'CP866' },
    script('windows-1253', 'Windows-1253 (Greek)', 'αοιετσνηυρπκμλωςάίόέή'),
    script('windows-1255', 'Windows-1255 (Hebrew)', 'יוהלארתבשמנם'),
    script('windows-1256', 'Windows-1256 (Arabic)', 'اليمونرتبةعدسفهحك'),
    script('shift_jis', 'Shift-JIS (Japanese)', japanese),
    script('euc-jp', 'EUC-JP (Japanese)', japanese),
    script('gb18030', 'GB18030 or GBK (Chinese)', han),
    script('big5', 'Big5 (Chinese)', han),
    script('euc-kr', 'EUC-KR (Korean)', '가-힣'),
  ];
}

/** Accented letters count among ASCII letters, but not next to two other accented letters. */
function latin(label: string, name: string, letters: string, signs = ''): Candidate {
  const both = letters + letters.replace('ß', '').toUpperCase();
  const letter = `(?<![^\\0-\\x7f]{2})[${both}](?![^\\0-\\x7f]{2})`;
  const common = new RegExp(`${letter}|(?<!\\p{L})[¿¡](?=\\p{Lu})|[“”‘’„–—…€•«»°£§©®™${signs}]`, 'gu');
  return { label, name, iconv: label.toUpperCase(), common };
}

/** Letters of another script do not count next to ASCII letters. */
function script(label: string, name: string, letters: string): Candidate {
  return { label, name, iconv: label.toUpperCase(), common: new RegExp(`(?<![A-Za-z])[${letters}](?![A-Za-z])`, 'gu') };
}

function wide(name: string): Encoding {
  return { name, iconv: name };
}
