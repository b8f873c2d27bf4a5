import { KEY_HELP } from '../../core/session/keymap.ts';
import { withSettings } from '../../core/settings/with-settings.ts';
import { usageError, type OrxError } from '../../errors.ts';
import { writtenFor } from './mentions/attach.ts';
import { reopened } from './history.ts';
import { modelFor } from './models.ts';
import type { SlashRun } from './session.ts';
import { NEW_CONVERSATION } from '../turn/transcript-options.ts';
import { ask } from './turn.ts';

export const runHelp: SlashRun = (session) => {
  const commands = session.commands.map(({ name, takes, description }) => [`/${name} ${takes}`.trim(), description] as const);
  const rows = [...commands, ['', ''] as const, ...KEY_HELP];
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, what] of rows) session.printText(`  ${name.padEnd(width)}  ${what}`.trimEnd(), 'plain');
};

export const runNew: SlashRun = async (session) => {
  const { session: before, stored } = session.transcript;
  await session.change(await reopened(session, NEW_CONVERSATION));
  const back = before === null || stored.length === 0 ? '' : `; back to the earlier one: /resume ${before}`;
  session.printText(`New conversation${back}`);
};

/** `/retry` and `/retry MODEL`: sends the last message again; another model is used for this attempt only. */
export const runRetry: SlashRun = async (session, rest, signal, skipLookUps) => {
  const question = session.transcript.lastQuestion();
  if (question === undefined) throw nothing('to send again');
  const { model } = session.settings;
  const other = rest === '' ? model : await modelFor(session, rest);
  session.replacesLast = true;
  if (other === model) return ask(session, question, signal, skipLookUps);
  const settings = withSettings(session.unpinned, { model: other });
  try {
    await session.withOtherSettings(settings, () => ask(session, question, signal, skipLookUps));
  } finally {
    session.printText(`the next message goes to ${model} again; to stay with this model: /model ${other}`);
  }
};

export const runUndo: SlashRun = (session) => {
  const question = session.transcript.undo();
  session.replacesLast = false;
  if (question === undefined) throw nothing('to remove');
  session.printText('removed with its answer; to change the text instead: /edit');
};

export const runEdit: SlashRun = (session, rest) => {
  if (rest === '-') {
    session.replacesLast = false;
    return session.printText('the last message and its answer stay; the next message follows them');
  }
  const question = session.transcript.lastQuestion();
  if (question === undefined) throw nothing('to edit');
  session.replacesLast = true;
  session.putBack(writtenFor(session, question).draft);
  session.printText('the next message replaces the last one and its answer; /edit - keeps them');
  const hasMedia = typeof question.content !== 'string' && question.content.some(({ type }) => type !== 'text');
  if (hasMedia && !session.written.has(question))
    session.printText('warning: its attachments were removed; attach them again', 'warning');
};

export const runQuit: SlashRun = (session) => {
  session.isLeaving = true;
};

function nothing(what: string): OrxError {
  return usageError(`there is no message ${what}`, 'send a message first');
}
