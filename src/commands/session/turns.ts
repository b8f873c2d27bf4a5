import { KEY_HELP } from '../../core/session/keymap.ts';
import { usageError, type OrxError } from '../../errors.ts';
import { writtenFor } from './attach.ts';
import { reopened } from './history.ts';
import type { SlashRun } from './session.ts';
import { NEW_CONVERSATION } from '../turn/transcript-options.ts';
import { ask } from './turn.ts';

export const runHelp: SlashRun = (talk) => {
  const commands = talk.commands.map(({ name, takes, description }) => [`/${name} ${takes}`.trim(), description] as const);
  const rows = [...commands, ['', ''] as const, ...KEY_HELP];
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, what] of rows) talk.say(`  ${name.padEnd(width)}  ${what}`.trimEnd(), 'plain');
};

export const runNew: SlashRun = async (talk) => {
  await talk.change(await reopened(talk, NEW_CONVERSATION));
  talk.say('a new conversation: nothing of before is sent');
};

export const runRetry: SlashRun = async (talk, _, signal, hurry) => {
  const question = talk.transcript.lastQuestion();
  if (question === undefined) throw nothing('to ask again');
  talk.replacesLast = true;
  await ask(talk, question, signal, hurry);
};

export const runUndo: SlashRun = (talk) => {
  const question = talk.transcript.undo();
  talk.replacesLast = false;
  if (question === undefined) throw nothing('to take away');
  talk.say('taken away, with its answer; /edit would have kept the text');
};

export const runEdit: SlashRun = (talk, rest) => {
  if (rest === '-') {
    talk.replacesLast = false;
    return talk.say('the last message and its answer stay; the next message follows them');
  }
  const question = talk.transcript.lastQuestion();
  if (question === undefined) throw nothing('to edit');
  talk.replacesLast = true;
  talk.putBack(writtenFor(talk, question).draft);
  talk.say('the next message replaces the last one and its answer; /edit - keeps them');
  const hasMedia = typeof question.content !== 'string' && question.content.some(({ type }) => type !== 'text');
  if (hasMedia && !talk.written.has(question)) talk.say('! what was attached to it is left out: attach it again', 'warning');
};

export const runCopy: SlashRun = async (talk) => {
  const { lastAnswer } = talk;
  if (lastAnswer === undefined) throw usageError('there is no answer to copy', 'ask something first');
  if (lastAnswer.text === '') throw usageError('the last answer has no text to copy', 'its files are named below it');
  const { copyText } = await talk.context.openDesk(talk.settings);
  talk.say(`copied to the clipboard (${await copyText(lastAnswer.text)})`);
};

export const runQuit: SlashRun = (talk) => {
  talk.isLeaving = true;
};

function nothing(what: string): OrxError {
  return usageError(`there is no message ${what}`, 'type one and press enter');
}
