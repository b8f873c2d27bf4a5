import { bytesText } from '../../text/bytes.ts';
import { visibleLine } from '../text/visible.ts';
import { wrapWords } from '../text/wrap-rows.ts';

/** A file that the user has to confirm. All fields are untrusted. */
export interface AskedFile {
  name: string;
  real: string;
  kind: string;
  size: number | undefined;
  isTyped: boolean;
  /** How many files the same pattern matches. */
  matches: number;
  doubts: readonly ('outside' | 'hidden' | 'link' | 'secret')[];
}

const REASONS: Readonly<Record<AskedFile['doubts'][number], string>> = {
  outside: 'outside the project folder',
  hidden: 'hidden in your home directory',
  link: 'through a symbolic link',
  secret: 'may hold keys or passwords',
};

/** The maximum number of shown files that need confirmation only because they are many. */
const MOST_PLAIN = 10;

/** Returns the question whether to send files: each with its size and the reasons to check it. */
export function attachQuestion(files: readonly AskedFile[], columns: number): string {
  const isOne = files.length === 1;
  const isPlain = ({ isTyped, doubts }: AskedFile): boolean => isTyped && doubts.length === 0;
  const plain = files.filter(isPlain);
  // Files that the user should check are always shown.
  const shown = [...files.filter((file) => !isPlain(file)), ...plain.slice(0, MOST_PLAIN)];
  const more = files.length - shown.length;
  return [
    isOne ? '? attach this to the message?' : `? attach these ${files.length} to the message?`,
    ...shown.flatMap((file) => wrapWords(`  ${fileLine(file)}`, columns)),
    ...(more === 0 ? [] : [`  and ${more} more files of the project that match`]),
    `  y attach ${isOne ? 'it' : 'them'} · n send the text without ${isOne ? 'it' : 'them'} · esc back to the prompt › `,
  ].join('\n');
}

function fileLine({ name, real, kind, size, isTyped, matches, doubts }: AskedFile): string {
  const path = doubts.includes('link') ? `${name} → ${real}` : name;
  const facts =
    kind === 'address' ? 'an address on the network' : kind === 'folder' ? 'the list of its files' : bytesText(size ?? 0);
  const reasons = [
    ...(isTyped ? [] : ['not typed by you']),
    ...doubts.map((doubt) => REASONS[doubt]),
    ...(matches > 1 ? [`one of ${matches} files that match`] : []),
  ];
  return visibleLine([path, facts, reasons.join(', ')].join(' · '));
}
