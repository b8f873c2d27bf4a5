import { type Draft, pastedDraft } from '../../core/session/draft.ts';
import { editorDraft } from '../../core/session/editor.ts';
import { type InputEffect, pressEditorKey, withDraft } from '../../core/session/input.ts';
import type { Key } from '../../core/session/keys.ts';
import type { Session } from './session.ts';
import { isLeaving, perform } from './perform.ts';
import { createPromptEstimate, editorContext } from './view.ts';

/** Handles keys and messages of a conversation. */
export interface SessionLoop {
  press: (keys: readonly Key[]) => void;
  /** Estimates the cost of the typed message after a pause. To be called when what the estimate depends on has changed. */
  estimate: () => void;
  /** Stops the current work and ends the conversation. */
  leave: () => void;
  left: Promise<void>;
}

export function createSessionLoop(session: Session): SessionLoop {
  let finish: () => void = () => undefined;
  const left = new Promise<void>((resolve) => (finish = resolve));
  let isLent = false;
  const estimate = createPromptEstimate(session);

  const stop = (): void => {
    if (!session.isBusy) return;
    // A user who stops an answer does not want the queued messages sent at once; tools are only a part of the answer.
    if (!session.hasRunningTools) for (const draft of session.queue.splice(0).toReversed()) session.putBack(draft);
    session.services.stop('innermost');
  };
  const leave = (): void => {
    session.isLeaving = true;
    if (session.isBusy) session.services.stop('all');
    else finish();
  };
  const run = async (first: Draft): Promise<void> => {
    for (let draft: Draft | undefined = first; draft !== undefined; draft = session.queue.shift()) {
      session.isBusy = true;
      const asked = draft;
      await session.services.interruptible((signal, skipLookUps) => perform(session, asked, signal, skipLookUps));
      session.isBusy = false;
      session.screen.redraw('now');
      if (session.isLeaving) return finish();
    }
  };
  const send = (draft: Draft): void => {
    // If the conversation is not stored, its prompts are not stored either.
    if (session.transcript.session !== null) session.services.prompts.add(draft.text);
    if (isLeaving(session, draft.text)) leave();
    else if (session.isBusy) session.queue.push(draft);
    else void run(draft);
  };
  /** Runs one of the user's programs at a time, however many keys request one. */
  const useTerminal = async (use: () => Promise<void>): Promise<void> => {
    if (isLent) return;
    isLent = true;
    await session.lend('user', use);
    isLent = false;
  };
  const redraw = async (): Promise<void> => {
    if (isLent) return;
    isLent = true;
    await session.screen.suspend(async () => undefined);
    isLent = false;
  };
  const effects: Readonly<Record<Exclude<InputEffect['type'], 'send'>, () => void>> = {
    stop,
    leave,
    'take-back'() {
      const draft = session.queue.pop();
      if (draft !== undefined) session.putBack(draft);
    },
    'write-outside': () => void useTerminal(() => writeWhileLent(session)).then(estimate),
    // Redraws below the output of another program; earlier lines scroll away.
    redraw: () => void redraw(),
    suspend: () => void useTerminal(session.services.suspendProcess),
  };
  return {
    press(keys) {
      for (const key of keys) {
        const { input, effect } = pressEditorKey(session.input, key, editorContext(session));
        session.input = input;
        if (effect?.type === 'send') send(effect.draft);
        else if (effect !== undefined) effects[effect.type]();
      }
      estimate();
      session.screen.redraw('now');
    },
    estimate,
    leave,
    left,
  };
}

/** Edits the draft in the user's editor. Changed text counts as pasted, because it may come from anywhere. */
async function writeWhileLent(session: Session): Promise<void> {
  try {
    const before = editorDraft(session.input.editor);
    const { editText } = await session.context.files.openPromptServices(session.settings);
    const written = await session.services.shielded(() => editText(before.text));
    // Editors add a newline at the end of a file.
    const text = before.text.endsWith('\n') ? written : written.replace(/\r?\n$/, '');
    if (text !== before.text) session.input = withDraft(session.input, pastedDraft(text));
  } catch (error) {
    session.printError(error);
  }
}
