import { withoutKeys } from '../../output/text/error.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Conversations } from '../../storage/conversations/conversations.ts';
import type { Context } from '../context.ts';
import { codeOf, inProject } from '../history/open.ts';
import type { ListOptions } from '../history/options.ts';
import { conversationIn } from '../history/show.ts';
import { createBrowserSession } from './session.ts';

/** The length of an id in file names. */
const SHORT_ID = 10;

/** Runs the conversation browser until the user leaves it; `resume` continues the chosen conversation. */
export async function browseHistory(
  { settings, filter }: ListOptions,
  store: Conversations,
  context: Context,
  resume: (id: string) => Promise<number>,
): Promise<number> {
  const { clock, files, terminal, lifetime } = context;
  const session = createBrowserSession({
    store,
    filter: inProject(filter, context),
    project: files.projectFolder(),
    now: clock.now,
    async exportFile(id) {
      const [conversation] = store.get([id]);
      if (conversation === undefined) return '! the conversation no longer exists';
      const text = await conversationIn(
        'markdown',
        { conversation, messages: store.messages(id), isSandbox: settings.sandbox },
        { now: clock.now() },
      );
      const { saveNew } = await files.openPromptServices(settings);
      return `saved ${await saveNew('.', `conversation-${id.slice(0, SHORT_ID)}`, 'md', Buffer.from(text))}`;
    },
    async copyId(id) {
      const { copyText } = await files.openPromptServices(settings);
      return `copied ${id} (${await copyText(id)})`;
    },
    reasonOf: (error) => withoutKeys(visibleLine(error instanceof Error ? error.message : String(error))),
  });
  const { runHistoryApp } = await import('../../ui/history/app.ts');
  const { stdin, stdout } = terminal.streams;
  lifetime.interrupt.addEventListener('abort', session.stop);
  try {
    await runHistoryApp({
      session,
      isSandbox: settings.sandbox,
      stdin,
      stdout,
      jobControl: lifetime.jobControl,
      theme: terminal.themeOf(stdout),
    });
  } finally {
    lifetime.interrupt.removeEventListener('abort', session.stop);
  }
  const { outcome } = session.browser();
  if (outcome?.type === 'resume') return resume(outcome.id);
  if (outcome?.type === 'stop') {
    // Ctrl-C as a key, without a signal before it.
    if (!lifetime.interrupt.aborted) lifetime.pressCtrlC();
    lifetime.interrupt.throwIfAborted();
  }
  return codeOf(store);
}
