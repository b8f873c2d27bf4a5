import { styled } from '../output/terminal-border.ts';
import { editorText } from '../core/talk/editor.ts';
import { withText } from '../core/talk/input.ts';
import { type Line, paintTone } from '../ui/line.ts';
import { isLeaving, perform } from './talk-perform.ts';
import type { TalkSession } from './talk-session.ts';

/** A conversation of plain lines, for screens that cannot be drawn on and for those that are read aloud: nothing moves, nothing is written twice. */
export async function runPlainTalk(talk: TalkSession): Promise<void> {
  const { context } = talk;
  for (;;) {
    const text = await nextMessage(talk);
    if (text === undefined || isLeaving(talk, text)) return;
    if (text.trim() === '') continue;
    await context.interruptible((signal, hurry) => perform(talk, text, signal, hurry));
    context.interrupt.throwIfAborted();
    if (talk.isLeaving) return;
  }
}

/** Puts the lines of a conversation where its answers go. */
export function openPlainScreen(talk: TalkSession): void {
  const { stdout } = talk.context.streams;
  const theme = talk.context.themeOf(stdout);
  const painted = (line: Line): string => line.map(({ text, tone }) => paintTone(text, tone, theme)).join('');
  talk.screen = {
    print: (lines) => void styled(stdout).write(lines.map((line) => `${painted(line)}\n`).join('')),
    redraw: () => undefined,
    suspend: (work) => work(),
    close: async () => undefined,
  };
  talk.outside = (work) => work();
}

/** The next line. What a command has put into the prompt stands there already; several lines are shown in the editor. */
async function nextMessage(talk: TalkSession): Promise<string | undefined> {
  const begun = editorText(talk.input.editor);
  talk.input = withText(talk.input, '');
  if (!begun.includes('\n')) return talk.context.askLine('› ', begun);
  const { editText } = await talk.context.openDesk(talk.settings);
  return editText(begun);
}
