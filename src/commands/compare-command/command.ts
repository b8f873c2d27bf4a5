import { BENCHMARKS } from '../../core/models/benchmarks.ts';
import { MODEL_SORTS } from '../../core/models/sorts.ts';
import {
  LEDGER_SETTINGS,
  PARAMETER_SETTINGS,
  REQUEST_SETTINGS,
  ROUTING_SETTINGS,
  SCREEN_SETTINGS,
} from '../../core/settings/groups.ts';
import { laneFilterFlags } from '../catalogue/filter-flags.ts';
import { type AnyCommand, withFlags } from '../commander.ts';
import { uncommon, withHelp } from '../help-facts.ts';
import { schemaFlags, sourceFlags, wireFlags } from '../prompt/flags.ts';
import { matrixFlags } from '../matrix/flags.ts';
import type { RegisterCommand } from '../register.ts';
import { addSettingOptions } from '../setting-options.ts';
import { compareFlags } from '../compare/flags.ts';
import { laneFlags } from '../compare/lane-flags.ts';
import { judgeFlags } from '../judge/flags.ts';

const HELP = {
  examples: [
    'orx compare "Why is the sky blue?" -m openai/gpt-4o-mini,qwen/qwen3-coder',
    'git diff | orx compare "Review this" --top 4 --sort value --tools',
    'orx compare "Hello" -m qwen/qwen3-coder --vary temperature=0,1 --repeat 3',
    'orx compare "Hello" -m openai/gpt-4o,openai/gpt-4o-mini --json | jq .ranking',
    'orx compare --prompts cases.csv -m openai/gpt-4o-mini,qwen/qwen3-coder --max-cost 1',
  ],
  notes: `
On a terminal, press ? for all keys. If you pressed a key, you can continue with one of the answers (1-9).
orx compare exits with 0 if at least one model answered, otherwise with the code of the first failure.`,
  details: `
It exits with 9 if --strict-model is set and a different model answered, and with 130 if you stopped it.
--vary takes a parameter of orx chat, system, template or prompt. For system and prompt, @FILE reads the text of a file. Write values with commas as a JSON list. Several --vary flags are combined.
--rank-by quality needs --judge, or with --prompts expected texts.
--providers sends the request once to each endpoint of the model, without fallbacks.
Sort orders: ${MODEL_SORTS.join(', ')}
Benchmarks: ${BENCHMARKS.join(', ')}
Formats of -o with --prompts: table, json, jsonl, csv, markdown, junit, html`,
};

/** Flags that a first comparison does not need. */
const UNCOMMON = new Set(['attach', 'editor', 'param', 'fallback', 'provider', 'dataPolicy', 'schema']);

export const registerCompare: RegisterCommand = (program, execute) => {
  const plain = program.command('compare').argument('[prompt...]', 'the prompt; - waits for standard input');
  const lanes = withFlags(plain, laneFlags);
  const shown = withFlags(withFlags(withFlags(lanes, compareFlags), judgeFlags), matrixFlags);
  addSettingOptions(shown, REQUEST_SETTINGS);
  const prompt = withFlags(withFlags(shown, sourceFlags), schemaFlags);
  addSettingOptions(prompt, PARAMETER_SETTINGS, 'Parameters:');
  const request = withFlags(prompt, wireFlags);
  addSettingOptions(request, ROUTING_SETTINGS, 'Routing:');
  const command = withFlags(request, laneFilterFlags);
  addSettingOptions(command, LEDGER_SETTINGS, 'Ledger:');
  addSettingOptions(command, SCREEN_SETTINGS, 'Screen:');
  for (const option of (command as unknown as AnyCommand).options) if (UNCOMMON.has(option.attributeName())) uncommon(option);
  execute(withHelp(command, HELP), async () => (await import('./run.ts')).compareCommand);
};
