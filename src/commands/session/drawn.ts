import { openSessionScreen } from '../../ui/session/app.tsx';
import { createSessionLoop } from './loop.ts';
import type { Session } from './session.ts';
import { createTerminalLoan } from './terminal-loan.ts';
import { sessionView } from './view.ts';

const MOST_LISTED = 51;

/** Takes over the terminal and starts to read keys. Returns a function that waits for the end and then releases the terminal. */
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
  // For a signal that suspends the process; Ctrl-Z lends the terminal first.
  const endHold = context.lifetime.jobControl.hold({
    release: () => void (isLent || keyboard.pause()),
    retake() {
      if (isLent) return;
      keyboard.resume();
      session.screen.redraw('now');
    },
  });
  services.lendTo((question) => session.withTerminal(question));
  readModelsMeanwhile(session, loop.estimate);
  if (session.settings.history) openConversationsMeanwhile(session);
  context.lifetime.interrupt.addEventListener('abort', loop.leave);
  // A signal may have arrived while the keyboard was opened.
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

/** Reads names, prices and context lengths in the background, and then calls `use`. */
function readModelsMeanwhile(session: Session, use: () => void): void {
  const { context, settings } = session;
  context.lifetime.meanwhile(async (signal) => {
    const { catalogue } = await context.apis.for(settings).readCatalogue({ preferStored: true, signal });
    session.models = catalogue.models;
    session.refresh();
    session.screen.redraw('now');
    use();
  });
}

/** Opens the conversations for the list of /resume. If they cannot be opened, storing the conversation reports it. */
function openConversationsMeanwhile(session: Session): void {
  const { context, settings } = session;
  context.lifetime.meanwhile(async () => {
    const store = await context.stores.for(settings).openConversations();
    session.conversations = () => store.list({}, MOST_LISTED);
  });
}
