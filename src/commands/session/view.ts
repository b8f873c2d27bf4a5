import { completeSlash, type Suggestions } from '../../core/session/suggestions.ts';
import type { Editor } from '../../core/session/editor.ts';
import { offered, type EditorContext } from '../../core/session/input.ts';
import { rowLines } from '../../ui/session/transcript-lines.ts';
import { verticalPlace } from '../../ui/session/editor-rows.ts';
import { promptWidth, type SessionView } from '../../ui/session/frame.ts';
import { completeMention } from './mention-menu.ts';
import type { Session } from './session.ts';
import { completeArgument } from './slash.ts';

/** What is to be drawn below the transcript. */
export function sessionView(session: Session): SessionView {
  return {
    tail: rowLines(session.feed?.take(session.context.terminal.streams.stdout.rows).tail ?? []),
    waiting: session.waiting?.(),
    prose: session.prose,
    queue: session.queue,
    input: session.input,
    menu: offered(session.input, editorContext(session)),
    status: { facts: session.facts, hints: hints(session) },
  };
}

/** What the prompt has to know to understand a key. */
export function editorContext(session: Session): EditorContext {
  return {
    isBusy: session.isBusy,
    hasQueue: session.queue.length > 0,
    complete: (before): Suggestions | undefined =>
      completeSlash(before, session.commands, completeArgument(session)) ?? completeMention(session, before),
    vertical: (editor: Editor, step) =>
      verticalPlace(editor, step, promptWidth(session.context.terminal.streams.stdout.columns, session.prose)),
  };
}

function hints(session: Session): readonly string[] {
  if (!session.isBusy) return ['/ commands', '@ attach', 'ctrl-d quit'];
  if (session.hasRunningTools) return ['ctrl-c stops the tools, again the answer'];
  return session.queue.length > 0 ? ['esc takes the queued message back', 'ctrl-c stop'] : ['esc stop', 'enter queues'];
}
