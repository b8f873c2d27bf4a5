import { pressKey, type InputEffect } from '../core/talk/input.ts';
import type { Key } from '../core/talk/keys.ts';
import { editorText } from '../core/talk/editor.ts';
import { withText } from '../core/talk/input.ts';
import type { TalkSession } from './talk-session.ts';
import { isLeaving, perform } from './talk-perform.ts';
import { surroundings } from './talk-view.ts';

/** What happens in a conversation, key by key and message by message. */
export interface TalkLoop {
  press: (keys: readonly Key[]) => void;
  /** Stops what runs, and ends it. */
  leave: () => void;
  left: Promise<void>;
}

/** A third Ctrl-C would end the process: the first stops an answer, the second the search for its bill. */
const MOST_STOPS = 2;

export function createTalkLoop(talk: TalkSession): TalkLoop {
  let finish: () => void = () => undefined;
  const left = new Promise<void>((resolve) => (finish = resolve));

  const stop = (): void => {
    if (talk.work === undefined || talk.work.stops >= MOST_STOPS) return;
    talk.work.stops += 1;
    // Whoever stops an answer does not want the next one at once.
    for (const text of talk.queue.splice(0).toReversed()) talk.putBack(text);
    talk.context.pressCtrlC();
  };
  const leave = (): void => {
    talk.isLeaving = true;
    if (talk.work === undefined) finish();
    else if (!talk.context.interrupt.aborted && talk.work.stops === 0) stop();
  };
  const run = async (first: string): Promise<void> => {
    for (let text: string | undefined = first; text !== undefined; text = talk.queue.shift()) {
      talk.work = { stops: 0 };
      const asked = text;
      await talk.desk.interruptible((signal, hurry) => perform(talk, asked, signal, hurry));
      talk.work = undefined;
      talk.screen.redraw('now');
      if (talk.isLeaving) return finish();
    }
  };
  const send = (text: string): void => {
    // Where nothing of a conversation is kept, what was asked is not either.
    if (talk.transcript.session !== null) talk.desk.prompts.add(text);
    if (isLeaving(talk, text)) leave();
    else if (talk.work === undefined) void run(text);
    else talk.queue.push(text);
  };
  const effects: Readonly<Record<Exclude<InputEffect['type'], 'send'>, () => void>> = {
    stop,
    leave,
    'take-back'() {
      const text = talk.queue.pop();
      if (text !== undefined) talk.putBack(text);
    },
    'write-outside': () => void writeOutside(talk),
    suspend: () => void talk.outside(talk.desk.suspendProcess),
  };
  return {
    press(keys) {
      for (const key of keys) {
        const { input, effect } = pressKey(talk.input, key, surroundings(talk));
        talk.input = input;
        if (effect?.type === 'send') send(effect.text);
        else if (effect !== undefined) effects[effect.type]();
      }
      talk.screen.redraw('now');
    },
    leave,
    left,
  };
}

async function writeOutside(talk: TalkSession): Promise<void> {
  try {
    const text = editorText(talk.input.editor);
    const { editText } = await talk.context.openDesk(talk.settings);
    const written = await talk.outside(() => talk.desk.interruptible(() => editText(text)));
    // Editors end a file with a line end of their own.
    talk.input = withText(talk.input, text.endsWith('\n') ? written : written.replace(/\r?\n$/, ''));
  } catch (error) {
    talk.sayError(error);
  }
  talk.screen.redraw('now');
}
