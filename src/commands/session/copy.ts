import { codeBlocks } from '../../core/answer/code-blocks.ts';
import { recentAnswers } from '../../core/conversation/last-answer.ts';
import type { Candidate } from '../../core/session/suggestions.ts';
import { usageError } from '../../errors.ts';
import { countText } from '../../output/text/number.ts';
import type { Session, SlashRun } from './session.ts';

/** The most answers offered by their first lines. */
const MOST_OFFERED = 9;
const CODE = 'code';

/** `/copy`, `/copy 2` and `/copy code`: copies the latest answer, an earlier one, or the last code block to the clipboard. */
export const runCopy: SlashRun = async (session, rest) => {
  const { what, text } = copied(session, rest);
  const { copyText } = await session.context.files.openPromptServices(session.settings);
  session.printText(`copied ${what} to the clipboard (${await copyText(text)})`);
};

function copied(session: Session, rest: string): { what: string; text: string } {
  const answers = recentAnswers(session.transcript.stored);
  if (answers.length === 0) throw usageError('there is no answer to copy', 'send a message first');
  if (rest === CODE) {
    // Use the latest answer that contains code, because the user may have asked about it since.
    const block = answers.map(({ text }) => codeBlocks(text).at(-1)).find((code) => code !== undefined);
    if (block === undefined) throw usageError('no answer has a code block', 'to copy the whole answer: /copy');
    return { what: `the last code block (${linesText(block)})`, text: block };
  }
  const place = rest === '' ? 1 : Number(rest);
  if (!Number.isInteger(place) || place < 1)
    throw usageError(`/copy takes a number or code, not "${rest}"`, 'to copy the answer before the last: /copy 2');
  const answer = answers[place - 1];
  if (answer === undefined)
    throw usageError(
      answers.length === 1 ? 'there is only one answer' : `there are only ${countText(answers.length)} answers`,
      `to copy the first of them: /copy ${answers.length}`,
    );
  if (answer.text === '') throw usageError('this answer has no text to copy', 'its files are listed below it');
  return { what: place === 1 ? 'the last answer' : `answer ${place} from the end`, text: answer.text };
}

/** Returns the arguments of `/copy`: the answers by their first lines, and `code` if there is any. */
export function copyCandidates({ transcript }: Session): readonly Candidate[] {
  const answers = recentAnswers(transcript.stored);
  const candidate = (insert: string, detail: string): Candidate => ({ insert, label: insert, detail, isWhole: true });
  const hasCode = answers.some(({ text }) => codeBlocks(text).length > 0);
  return [
    ...(hasCode ? [candidate(CODE, 'the last code block')] : []),
    ...answers.slice(0, MOST_OFFERED).map(({ text }, index) => candidate(String(index + 1), firstLine(text))),
  ];
}

function firstLine(text: string): string {
  return text.trimStart().split('\n', 1)[0]!;
}

function linesText(text: string): string {
  const count = text.replace(/\n$/, '').split('\n').length;
  return `${countText(count)} ${count === 1 ? 'line' : 'lines'}`;
}
