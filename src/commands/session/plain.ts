import { type Draft, EMPTY_DRAFT, pastedDraft, typedDraft } from '../../core/session/draft.ts';
import { editorDraft } from '../../core/session/editor.ts';
import { withDraft } from '../../core/session/input.ts';
import { styled } from '../../output/text/terminal-border.ts';
import { type Line, paintTone } from '../../ui/screen/line.ts';
import { isLeaving, perform } from './perform.ts';
import type { Session } from './session.ts';

/**
 * Runs a conversation with plain lines, for screens that cannot be drawn on and for screen readers: nothing is animated or
 * written twice.
 */
export async function runPlainSession(session: Session): Promise<void> {
  const { context } = session;
  for (;;) {
    const draft = await nextMessage(session);
    if (draft === undefined || isLeaving(session, draft.text)) return;
    if (draft.text.trim() === '') continue;
    await context.lifetime.interruptible((signal, skipLookUps) => perform(session, draft, signal, skipLookUps));
    context.lifetime.interrupt.throwIfAborted();
    if (session.isLeaving) return;
  }
}

/** Opens a screen that prints the lines of a conversation to the same stream as its answers. */
export function openPlainScreen(session: Session): void {
  const { stdout } = session.context.terminal.streams;
  const theme = session.context.terminal.themeOf(stdout);
  const painted = (line: Line): string => line.map(({ text, tone }) => paintTone(text, tone, theme)).join('');
  session.screen = {
    print: (lines) => void styled(stdout).write(lines.map((line) => `${painted(line)}\n`).join('')),
    redraw: () => undefined,
    suspend: (work) => work(),
    close: async () => undefined,
  };
  session.lend = (_, use) => use();
}

/**
 * Returns the next message. Text that a command has put into the prompt is its initial text; several lines open in the editor.
 */
async function nextMessage(session: Session): Promise<Draft | undefined> {
  const begun = editorDraft(session.input.editor);
  session.input = withDraft(session.input, EMPTY_DRAFT);
  if (!begun.text.includes('\n')) {
    const line = await session.services.askMessage('› ', begun.text);
    if (line === undefined) return undefined;
    return line.isPasted || begun.pasted.length > 0 ? pastedDraft(line.text) : typedDraft(line.text);
  }
  const { editText } = await session.context.files.openPromptServices(session.settings);
  return pastedDraft(await session.services.shielded(() => editText(begun.text)));
}
