import { type DoctorCheck, okCheck, skippedCheck, warningCheck } from './check.ts';

/** What is known about the terminal without asking it. */
export interface ScreenFacts {
  isTerminal: boolean;
  /** Undefined: unknown. */
  columns: number | undefined;
  hasColor: boolean;
  /** The image protocol of the terminal. */
  images: string | undefined;
  /** What takes text for the clipboard. */
  clipboard: string | undefined;
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
}

/** Narrower terminals drop columns of tables. */
const COMFORTABLE_COLUMNS = 60;

/** Returns what the terminal can show. Nothing of it is a failure, because orx also writes to pipes. */
export function terminalChecks(facts: ScreenFacts): readonly DoctorCheck[] {
  const { isTerminal, clipboard } = facts;
  const shown: readonly DoctorCheck[] = isTerminal
    ? [colorCheck(facts), widthCheck(facts), unicodeCheck(facts), imageCheck(facts)]
    : (['colors', 'width', 'unicode', 'images'] as const).map((name) => skippedCheck(name, 'standard output is not a terminal'));
  return [...shown, clipboard === undefined ? noClipboard(isTerminal) : okCheck('clipboard', clipboard)];
}

function noClipboard(isTerminal: boolean): DoctorCheck {
  if (!isTerminal) return skippedCheck('clipboard', 'neither a terminal nor a desktop');
  return warningCheck('clipboard', 'no clipboard program found', 'install one: sudo apt install xclip');
}

function colorCheck({ hasColor, env }: ScreenFacts): DoctorCheck {
  if (hasColor) return okCheck('colors', 'on');
  if (env['TERM'] === 'dumb') return warningCheck('colors', 'off: TERM is dumb', 'name the terminal: export TERM=xterm-256color');
  if ((env['NO_COLOR'] ?? '') !== '') return okCheck('colors', 'off: NO_COLOR is set');
  return okCheck('colors', 'off, by a setting: orx config get theme');
}

function widthCheck({ columns }: ScreenFacts): DoctorCheck {
  if (columns === undefined || columns === 0)
    return warningCheck('width', 'unknown', 'tell it to the terminal: stty columns 80 rows 24');
  if (columns >= COMFORTABLE_COLUMNS) return okCheck('width', `${columns} columns`);
  return warningCheck(
    'width',
    `${columns} columns; tables drop columns below ${COMFORTABLE_COLUMNS}`,
    'make the window wider, or print all columns: orx models | less -S',
  );
}

function unicodeCheck({ env, platform }: ScreenFacts): DoctorCheck {
  const name = ['LC_ALL', 'LC_CTYPE', 'LANG'].find((each) => (env[each] ?? '') !== '');
  const locale = name === undefined ? '' : (env[name] ?? '');
  // Windows and macOS use UTF-8 whatever the locale.
  if (/utf-?8/i.test(locale) || platform === 'win32' || platform === 'darwin') return okCheck('unicode', locale || 'UTF-8');
  return warningCheck(
    'unicode',
    name === undefined ? 'no locale is set' : `${name} is ${locale}, which is not UTF-8`,
    'use a UTF-8 locale: export LC_ALL=C.UTF-8',
  );
}

function imageCheck({ images, env }: ScreenFacts): DoctorCheck {
  if (images !== undefined) return okCheck('images', `shown in the terminal (${images} protocol)`);
  return okCheck('images', env['TMUX'] === undefined ? 'saved as files' : 'saved as files: tmux does not forward them');
}
