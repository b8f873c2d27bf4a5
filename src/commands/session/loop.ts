import { type Draft, pastedDraft } from '../../core/session/draft.ts';
import { editorDraft } from '../../core/session/editor.ts';
import { type InputEffect, pressKey, withDraft } from '../../core/session/input.ts';
import type { Key } from '../../core/session/keys.ts';
import type { TalkSession } from './session.ts';
import { isLeaving, perform } from './perform.ts';
import { surroundings } from './view.ts';

/** What happens in a conversation, key by key and message by message. */
export interface TalkLoop {
  press: (keys: readonly Key[]) => void;
  /** Stops what runs, and ends it. */
  leave: () => void;
  left: Promise<void>;
}

export function createTalkLoop(talk: TalkSession): TalkLoop {
  let finish: () => void = () => undefined;
  const left = new Promise<void>((resolve) => (finish = resolve));
  let isOutside = false;

  const stop = (): void => {
    if (!talk.isBusy) return;
    // Whoever stops an answer does not want the next one at once; a tool is only a part of it.
    if (!talk.hasRunningTools) for (const draft of talk.queue.splice(0).toReversed()) talk.putBack(draft);
    talk.desk.stop('innermost');
  };
  const leave = (): void => {
    talk.isLeaving = true;
    if (talk.isBusy) talk.desk.stop('all');
    else finish();
  };
  const run = async (first: Draft): Promise<void> => {
    for (let draft: Draft | undefined = first; draft !== undefined; draft = talk.queue.shift()) {
      talk.isBusy = true;
      const asked = draft;
      await talk.desk.interruptible((signal, hurry) => perform(talk, asked, signal, hurry));
      talk.isBusy = false;
      talk.screen.redraw('now');
      if (talk.isLeaving) return finish();
    }
  };
  const send = (draft: Draft): void => {
    // Where nothing of a conversation is kept, what was asked is not either.
    if (talk.transcript.session !== null) talk.desk.prompts.add(draft.text);
    if (isLeaving(talk, draft.text)) leave();
    else if (talk.isBusy) talk.queue.push(draft);
    else void run(draft);
  };
  /** One program of the user's at a time, however many keys ask for one. */
  const useOutside = async (use: () => Promise<void>): Promise<void> => {
    if (isOutside) return;
    isOutside = true;
    await talk.lend('user', use);
    isOutside = false;
  };
  const effects: Readonly<Record<Exclude<InputEffect['type'], 'send'>, () => void>> = {
    stop,
    leave,
    'take-back'() {
      const draft = talk.queue.pop();
      if (draft !== undefined) talk.putBack(draft);
    },
    'write-outside': () => void useOutside(() => writeOutside(talk)),
    suspend: () => void useOutside(talk.desk.suspendProcess),
  };
  return {
    press(keys) {
      for (const key of keys) {
        const { input, effect } = pressKey(talk.input, key, surroundings(talk));
        talk.input = input;
        if (effect?.type === 'send') send(effect.draft);
        else if (effect !== undefined) effects[effect.type]();
      }
      talk.screen.redraw('now');
    },
    leave,
    left,
  };
}

/** What comes out of an editor may have come from anywhere, unless it is what went in. */
async function writeOutside(talk: TalkSession): Promise<void> {
  try {
    const before = editorDraft(talk.input.editor);
    const { editText } = await talk.context.openDesk(talk.settings);
    const written = await talk.desk.shielded(() => editText(before.text));
    // Editors end a file with a line end of their own.
    const text = before.text.endsWith('\n') ? written : written.replace(/\r?\n$/, '');
    if (text !== before.text) talk.input = withDraft(talk.input, pastedDraft(text));
  } catch (error) {
    talk.sayError(error);
  }
}
