import { openSessionScreen } from '../../ui/session/app.tsx';
import { createSessionLoop } from './loop.ts';
import type { Session } from './session.ts';
import { createTerminalLoan } from './terminal-loan.ts';
import { sessionView } from './view.ts';

const MOST_LISTED = 51;

/** Takes the terminal: keys are read from now on. What it gives waits for the end and gives the terminal back. */
export function openDrawnSession(session: Session): () => Promise<void> {
  const { context, services } = session;
  const loop = createSessionLoop(session);
  const keyboard = services.openKeyboard({ onKeys: loop.press, onEnd: loop.leave });
  session.screen = openSessionScreen({
    ...context.terminal.streams,
    theme: context.terminal.themeOf(context.terminal.streams.stdout),
    view: () => sessionView(session),
    onResize: () => session.feed?.resize(session.width),
  });
  let isLent = false;
  session.lend = createTerminalLoan(async (use) => {
    keyboard.pause();
    isLent = true;
    try {
      return await session.screen.suspend(use);
    } finally {
      isLent = false;
      keyboard.resume();
    }
  });
  // A signal that suspends the process; Ctrl-Z lends the terminal before.
  const endHold = context.lifetime.jobControl.hold({
    release: () => void (isLent || keyboard.pause()),
    retake() {
      if (isLent) return;
      keyboard.resume();
      session.screen.redraw('now');
    },
  });
  services.lendTo((question) => session.withTerminal(question));
  readModelsMeanwhile(session);
  if (session.settings.history) openConversationsMeanwhile(session);
  context.lifetime.interrupt.addEventListener('abort', loop.leave);
  // A signal that came while the keyboard was opened.
  if (context.lifetime.interrupt.aborted) loop.leave();
  return async () => {
    try {
      await loop.left;
    } finally {
      context.lifetime.interrupt.removeEventListener('abort', loop.leave);
      services.lendTo(undefined);
      endHold();
      await session.screen.close();
      keyboard.close();
    }
  };
}

/** Names, prices and lengths of context: nobody waits for them. */
function readModelsMeanwhile(session: Session): void {
  const { context, settings } = session;
  context.lifetime.meanwhile(async (signal) => {
    const { catalogue } = await context.apis.for(settings).readCatalogue({ preferStored: true, signal });
    session.models = catalogue.models;
    session.refresh();
    session.screen.redraw('now');
  });
}

/** For the list of /resume. What cannot be opened is said where the conversation is stored. */
function openConversationsMeanwhile(session: Session): void {
  const { context, settings } = session;
  context.lifetime.meanwhile(async () => {
    const store = await context.stores.for(settings).openConversations();
    session.conversations = () => store.list({}, MOST_LISTED);
  });
}
