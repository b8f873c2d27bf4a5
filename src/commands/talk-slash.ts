import type { ArgumentCandidates, Candidate } from '../core/talk/completion.ts';
import { matching } from '../core/talk/completion.ts';
import { PARAMETER_KEYS, PARAMETERS } from '../core/parameters.ts';
import { settingText } from '../core/find-setting.ts';
import { contextText } from '../output/model-text.ts';
import { perMillionText } from '../output/price-text.ts';
import type { Model } from '../providers/catalogue.ts';
import { completeMention, runAttach } from './talk-attach.ts';
import { resumeCandidates, runExport, runFork, runResume, runSave, runSearch } from './talk-history.ts';
import { runCompact, runCost, runReasoning } from './talk-reports.ts';
import { runCompare, runModel, runParams, runSystem } from './talk-settings.ts';
import type { TalkCommand, TalkSession } from './talk-session.ts';
import { runTools, toolCandidates } from './talk-tools.ts';
import { runCopy, runEdit, runHelp, runNew, runQuit, runRetry, runUndo } from './talk-turns.ts';

/** The commands of the conversation, in the order of the help. */
export const TALK_COMMANDS: readonly TalkCommand[] = [
  { name: 'help', takes: '', description: 'commands and keys', run: runHelp },
  { name: 'model', takes: '<name>', description: 'who answers from now on', aliases: ['models'], run: runModel },
  { name: 'system', takes: '[text]', description: 'the system prompt: show it, set it, - for none', run: runSystem },
  { name: 'params', takes: '[name value]', description: 'parameters: show them, set one, - for its default', run: runParams },
  { name: 'new', takes: '', description: 'begin anew: nothing of before is sent', aliases: ['clear'], run: runNew },
  { name: 'retry', takes: '', description: 'the last message again', aliases: ['regenerate'], run: runRetry },
  { name: 'undo', takes: '', description: 'take the last message and its answer away', run: runUndo },
  { name: 'edit', takes: '', description: 'take the last message back to write it anew', run: runEdit },
  { name: 'compare', takes: '<models>', description: 'the last message against other models', run: runCompare },
  { name: 'compact', takes: '[drop]', description: 'summarise the oldest turns, or leave them out', run: runCompact },
  { name: 'fork', takes: '', description: 'go on in a copy, and leave the conversation as it is', run: runFork },
  { name: 'resume', takes: '<id>', description: 'go on with an earlier conversation', run: runResume },
  { name: 'search', takes: '<words>', description: 'find what was said in any conversation', run: runSearch },
  { name: 'save', takes: '<title>', description: 'give this conversation a name', run: runSave },
  { name: 'export', takes: '<file>', description: 'write it to a file: .md, .html or .json', run: runExport },
  { name: 'attach', takes: '<file>', description: 'a file or an address; the same as @file in a message', run: runAttach },
  { name: 'tools', takes: '[name]', description: 'what the model may call: show it, offer more, - for none', run: runTools },
  { name: 'copy', takes: '', description: 'the last answer to the clipboard', run: runCopy },
  { name: 'reasoning', takes: '', description: 'what the model thought before its last answer', run: runReasoning },
  { name: 'cost', takes: '', description: 'what it has cost so far', aliases: ['usage', 'stats'], run: runCost },
  { name: 'quit', takes: '', description: 'leave; also exit, ctrl-d', aliases: ['exit', 'q'], run: runQuit },
];

/** What may stand behind a command. */
export function argumentCandidates(talk: TalkSession): ArgumentCandidates {
  return (command, { before, last }) => {
    if (command === 'model' && before.length === 0) return matching(modelCandidates(talk.models), last);
    if (command === 'compare') {
      return last === '' && before.length > 0 ? [] : matching(modelCandidates(talk.models), last);
    }
    if (command === 'params' && before.length === 0) return matching(parameterCandidates(talk), last);
    if (command === 'resume' && before.length === 0) return matching(resumeCandidates(talk), last);
    if (command === 'attach') return completeMention(talk, `@${[...before, last].join(' ')}`)?.candidates.map(bare) ?? [];
    if (command === 'tools') return matching(toolCandidates(talk, before), last);
    if (command === 'compact' && before.length === 0 && 'drop'.startsWith(last)) {
      const drop = { insert: 'drop', label: 'drop', detail: 'leave the oldest turns out, without a summary', isWhole: true };
      return last === ''
        ? [{ insert: '', label: 'summarise', detail: 'ask the model for a summary of them', isWhole: true }, drop]
        : [drop];
    }
    return [];
  };
}

/** A file behind a command needs no sign before it. */
function bare(candidate: Candidate): Candidate {
  return { ...candidate, insert: candidate.insert.slice(1) };
}

const listed = new WeakMap<readonly Model[], readonly Candidate[]>();

function modelCandidates(models: readonly Model[]): readonly Candidate[] {
  let candidates = listed.get(models);
  if (candidates === undefined) {
    candidates = models.map(({ id, pricing, contextLength }) => {
      const [input, output] = [pricing.prompt, pricing.completion].map((price) => perMillionText(price, { short: true }));
      const detail = `in ${input} out ${output} $/M · ${contextText(contextLength)}`;
      return { insert: id, label: id, detail, isWhole: true };
    });
    listed.set(models, candidates);
  }
  return candidates;
}

function parameterCandidates({ settings }: TalkSession): readonly Candidate[] {
  return PARAMETER_KEYS.map((name) => {
    const value = settings[name];
    const is = value === undefined ? '' : `is ${settingText(value)} · `;
    return { insert: `${name} `, label: name, detail: is + PARAMETERS[name].description, isWhole: false };
  });
}
