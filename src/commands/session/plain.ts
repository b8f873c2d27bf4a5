import { type Draft, EMPTY_DRAFT, pastedDraft, typedDraft } from '../../core/session/draft.ts';
import { editorDraft } from '../../core/session/editor.ts';
import { withDraft } from '../../core/session/input.ts';
import { styled } from '../../output/text/terminal-border.ts';
import { type Line, paintTone } from '../../ui/screen/line.ts';
import { isLeaving, perform } from './perform.ts';
import type { TalkSession } from './session.ts';

/** A conversation of plain lines, for screens that cannot be drawn on and for those that are read aloud: nothing moves, nothing is written twice. */
export async function runPlainTalk(talk: TalkSession): Promise<void> {
  const { context } = talk;
  for (;;) {
    const draft = await nextMessage(talk);
    if (draft === undefined || isLeaving(talk, draft.text)) return;
    if (draft.text.trim() === '') continue;
    await context.interruptible((signal, hurry) => perform(talk, draft, signal, hurry));
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
  talk.lend = (_, use) => use();
}

/** The next line. What a command has put into the prompt stands there already; several lines are shown in the editor. */
async function nextMessage(talk: TalkSession): Promise<Draft | undefined> {
  const begun = editorDraft(talk.input.editor);
  talk.input = withDraft(talk.input, EMPTY_DRAFT);
  if (!begun.text.includes('\n')) {
    const line = await talk.desk.askMessage('› ', begun.text);
    if (line === undefined) return undefined;
    return line.isPasted || begun.pasted.length > 0 ? pastedDraft(line.text) : typedDraft(line.text);
  }
  const { editText } = await talk.context.openDesk(talk.settings);
  return pastedDraft(await talk.desk.shielded(() => editText(begun.text)));
}
