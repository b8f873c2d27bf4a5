import type { Candidate, CompleteArgument } from '../../core/session/suggestions.ts';
import { lastWord, matching } from '../../core/session/suggestions.ts';
import { PARAMETER_KEYS, PARAMETERS } from '../../core/settings/parameters.ts';
import { settingText } from '../../core/settings/setting-text.ts';
import type { SettingSpec } from '../../core/settings/spec.ts';
import { runAttach } from './attach.ts';
import { resumeCandidates, runExport, runFork, runResume, runSave, runSearch } from './history.ts';
import { completeMention } from './mention-menu.ts';
import { completeModel, completeNextModel } from './models.ts';
import { runCompact, runCost, runReasoning } from './reports.ts';
import { runCompare, runModel, runParams, runSystem } from './settings.ts';
import type { SessionCommand, Session } from './session.ts';
import { runTools, toolCandidates } from './tools.ts';
import { runCopy, runEdit, runHelp, runNew, runQuit, runRetry, runUndo } from './turns.ts';

/** The commands of the conversation, in the order of the help. */
export const SLASH_COMMANDS: readonly SessionCommand[] = [
  { name: 'help', takes: '', description: 'commands and keys', run: runHelp },
  { name: 'model', takes: '<name>', description: 'who answers from now on', aliases: ['models'], run: runModel },
  { name: 'system', takes: '[text]', description: 'the system prompt: show it, set it, - for none', run: runSystem },
  { name: 'params', takes: '[name value]', description: 'parameters: show them, set one, - for its default', run: runParams },
  { name: 'new', takes: '', description: 'begin anew: nothing of before is sent', aliases: ['clear'], run: runNew },
  { name: 'retry', takes: '', description: 'the last message again', aliases: ['regenerate'], run: runRetry },
  { name: 'undo', takes: '', description: 'take the last message and its answer away', run: runUndo },
  { name: 'edit', takes: '[-]', description: 'edit the last message and ask again, - to leave it', run: runEdit },
  { name: 'compare', takes: '<models>', description: 'the last message against other models', run: runCompare },
  { name: 'compact', takes: '[drop]', description: 'summarize the oldest turns, or leave them out', run: runCompact },
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

/** What may be meant behind a command. */
export function completeArgument(session: Session): CompleteArgument {
  return (command, text) => {
    const { before, last } = text;
    const isFirst = before.length === 0;
    if (command === 'model') return completeModel(session, text.all, 0);
    if (command === 'compare') return completeNextModel(session, text);
    if (command === 'params' && isFirst) return lastWord(text, matching(parameterCandidates(session), last));
    if (command === 'params' && before.length === 1) return lastWord(text, matching(valueCandidates(before[0]!), last));
    if (command === 'resume' && isFirst) return lastWord(text, matching(resumeCandidates(session), last));
    if (command === 'attach')
      return { start: 0, candidates: completeMention(session, `@${text.all}`)?.candidates.map(bare) ?? [] };
    if (command === 'tools') return lastWord(text, matching(toolCandidates(session, before), last));
    if (command === 'compact' && isFirst && 'drop'.startsWith(last)) return lastWord(text, compactCandidates(last));
    return undefined;
  };
}

function compactCandidates(last: string): readonly Candidate[] {
  const drop = { insert: 'drop', label: 'drop', detail: 'leave the oldest turns out, without a summary', isWhole: true };
  if (last !== '') return [drop];
  return [{ insert: '', label: 'summarize', detail: 'ask the model for a summary of them', isWhole: true }, drop];
}

/** A file behind a command needs no sign before it. */
function bare(candidate: Candidate): Candidate {
  return { ...candidate, insert: candidate.insert.slice(1) };
}

/** The words that a parameter takes, where there are no others. */
function valueCandidates(name: string): readonly Candidate[] {
  const key = PARAMETER_KEYS.find((known) => known === name);
  const { choices = [] } = key === undefined ? {} : (PARAMETERS[key] as SettingSpec<unknown>);
  return choices.map((choice) => ({ insert: choice, label: choice, detail: '', isWhole: true }));
}

function parameterCandidates({ settings }: Session): readonly Candidate[] {
  return PARAMETER_KEYS.map((name) => {
    const value = settings[name];
    const is = value === undefined ? '' : `is ${settingText(value)} · `;
    return { insert: `${name} `, label: name, detail: is + PARAMETERS[name].description, isWhole: false };
  });
}
