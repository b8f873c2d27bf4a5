import type { ArgumentText, Candidate, CompleteArgument, Suggestions } from '../../core/session/suggestions.ts';
import { lastWord, matching } from '../../core/session/suggestions.ts';
import { PARAMETER_KEYS, PARAMETERS } from '../../core/settings/parameters.ts';
import { settingText } from '../../core/settings/setting-text.ts';
import type { SettingSpec } from '../../core/settings/spec.ts';
import { runAttach } from './mentions/attach.ts';
import { resumeCandidates, runExport, runFork, runResume, runSave, runSearch } from './history.ts';
import { copyCandidates, runCopy } from './copy.ts';
import { completeMention } from './mentions/mention-menu.ts';
import { completeModel, completeNextModel } from './models.ts';
import { runCompact, runCost, runReasoning } from './reports.ts';
import { runCompare, runModel, runParams, runPin, runSystem } from './settings.ts';
import type { SessionCommand, Session } from './session.ts';
import { runTools, toolCandidates } from './tools.ts';
import { runEdit, runHelp, runNew, runQuit, runRetry, runUndo } from './turns.ts';

/** The commands of a conversation, in the order of the help. */
export const SLASH_COMMANDS: readonly SessionCommand[] = [
  { name: 'help', takes: '', description: 'List commands and keys', run: runHelp },
  { name: 'model', takes: '<name>', description: 'Switch the model', aliases: ['models'], run: runModel },
  { name: 'pin', takes: '[-]', description: 'Use only the provider of the last answer (- any)', run: runPin },
  { name: 'system', takes: '[text]', description: 'Show or set the system prompt (- removes it)', run: runSystem },
  { name: 'params', takes: '[name value]', description: 'Show or set parameters (- resets one)', run: runParams },
  { name: 'new', takes: '', description: 'Start a new conversation', aliases: ['clear'], run: runNew },
  {
    name: 'retry',
    takes: '[model]',
    description: 'Ask again, or ask another model once',
    aliases: ['regenerate'],
    run: runRetry,
  },
  { name: 'undo', takes: '', description: 'Remove the last message and its answer', run: runUndo },
  { name: 'edit', takes: '[-]', description: 'Edit the last message and ask again (- cancels)', run: runEdit },
  { name: 'compare', takes: '<models>', description: 'Compare models on the last message', run: runCompare },
  { name: 'compact', takes: '[drop]', description: 'Summarize the oldest turns, or drop them', run: runCompact },
  { name: 'fork', takes: '', description: 'Continue in a copy', run: runFork },
  { name: 'resume', takes: '<id>', description: 'Continue an earlier conversation', run: runResume },
  { name: 'search', takes: '<words>', description: 'Search all conversations', run: runSearch },
  { name: 'save', takes: '<title>', description: 'Give this conversation a title', run: runSave },
  { name: 'export', takes: '<file>', description: 'Write it to a .md, .html or .json file', run: runExport },
  { name: 'attach', takes: '<file>', description: 'Attach a file or URL, like @file in a message', run: runAttach },
  { name: 'tools', takes: '[name]', description: 'Show or add tools for the model (- for none)', run: runTools },
  { name: 'copy', takes: '[n|code]', description: 'Copy the last answer, an earlier one, or code', run: runCopy },
  { name: 'reasoning', takes: '', description: 'Show the reasoning of the last answer', run: runReasoning },
  { name: 'cost', takes: '', description: 'Show the cost so far', aliases: ['usage', 'stats'], run: runCost },
  { name: 'quit', takes: '', description: 'Quit, like exit or ctrl-d', aliases: ['exit', 'q'], run: runQuit },
];

/** Returns a function that suggests arguments of a command. */
export function completeArgument(session: Session): CompleteArgument {
  return (command, text) => {
    const { before, last } = text;
    const isFirst = before.length === 0;
    if (command === 'model') return completeModel(session, text.all, 0);
    if (command === 'retry') return completeRetry(session, text);
    if (command === 'copy' && isFirst) return lastWord(text, matching(copyCandidates(session), last));
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

/** Suggests models for `/retry`. Without an argument, it uses the same model again. */
function completeRetry(session: Session, { all }: ArgumentText): Suggestions | undefined {
  const models = completeModel(session, all, 0);
  if (models === undefined || all !== '') return models;
  const same = { insert: '', label: session.settings.model, detail: 'the same model again', isWhole: true };
  return { ...models, candidates: [same, ...models.candidates] };
}

function compactCandidates(last: string): readonly Candidate[] {
  const drop = { insert: 'drop', label: 'drop', detail: 'drop the oldest turns without a summary', isWhole: true };
  if (last !== '') return [drop];
  return [{ insert: '', label: 'summarize', detail: 'ask the model for a summary', isWhole: true }, drop];
}

/** Returns a file candidate without its `@`: an argument does not need it. */
function bare(candidate: Candidate): Candidate {
  return { ...candidate, insert: candidate.insert.slice(1) };
}

/** Returns the values of a parameter that accepts only certain words. */
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
