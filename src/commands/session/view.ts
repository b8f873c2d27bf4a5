import { completeSlash, type Completion } from '../../core/session/suggestions.ts';
import type { Editor } from '../../core/session/editor.ts';
import { offered, type Surroundings } from '../../core/session/input.ts';
import { rowLines } from '../../ui/session/transcript-lines.ts';
import { verticalPlace } from '../../ui/session/editor-rows.ts';
import { promptWidth, type TalkView } from '../../ui/session/frame.ts';
import { completeMention } from './mention-menu.ts';
import type { TalkSession } from './session.ts';
import { completeArgument } from './slash.ts';

/** What is to be drawn below the transcript. */
export function talkView(talk: TalkSession): TalkView {
  return {
    tail: rowLines(talk.feed?.take(talk.context.streams.stdout.rows).tail ?? []),
    waiting: talk.waiting?.(),
    prose: talk.prose,
    queue: talk.queue,
    input: talk.input,
    menu: offered(talk.input, surroundings(talk)),
    status: { facts: talk.facts, hints: hints(talk) },
  };
}

/** What the prompt has to know to understand a key. */
export function surroundings(talk: TalkSession): Surroundings {
  return {
    isBusy: talk.isBusy,
    hasQueue: talk.queue.length > 0,
    complete: (before): Completion | undefined =>
      completeSlash(before, talk.commands, completeArgument(talk)) ?? completeMention(talk, before),
    vertical: (editor: Editor, step) => verticalPlace(editor, step, promptWidth(talk.context.streams.stdout.columns, talk.prose)),
  };
}

function hints(talk: TalkSession): readonly string[] {
  if (!talk.isBusy) return ['/ commands', '@ attach', 'ctrl-d leave'];
  if (talk.hasRunningTools) return ['ctrl-c stops the tools, again the answer'];
  return talk.queue.length > 0 ? ['esc takes the queued message back', 'ctrl-c stop'] : ['esc stop', 'enter queues'];
}
