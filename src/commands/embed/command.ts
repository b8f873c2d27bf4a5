import { withFlags } from '../commander.ts';
import { withHelp } from '../help-facts.ts';
import type { RegisterCommand } from '../register.ts';
import { addRequestSettings } from '../text-rows/flags.ts';
import { embedFlags } from './flags.ts';

export const registerEmbed: RegisterCommand = (program, execute) => {
  const plain = program.command('embed').argument('[texts...]', 'texts to embed; without them, those of -f or stdin');
  const command = addRequestSettings(withFlags(plain, embedFlags));
  execute(
    withHelp(command, {
      examples: [
        'orx embed -m openai/text-embedding-3-small "a sentence"',
        'cat notes.txt | orx embed -m baai/bge-m3 > vectors.jsonl',
        'orx embed -m openai:text-embedding-3-small -f rows.jsonl --field title -o csv',
      ],
      notes: `
Each line is a text. If the first line is a JSON object, each line is one, and the text is in the field "text". The output has the same fields, "index" and "embedding", in the order of the input. --input-format overrides this; with text, each file is one text.

Rows that cannot be read are reported with their line, all others are sent, and orx exits with 2. Every request is recorded in the ledger and keeps within budgets.`,
      details: `
Without --encoding, the output has numbers, and orx requests base64 from OpenRouter and OpenAI, because it is a fifth of the size. --encoding float requests numbers, too, for hosts without base64.

A batch has at most 100 texts, 100,000 estimated tokens, or the limit of the API. After Ctrl-C, orx sends nothing further, waits some seconds for running requests and prints what arrived.`,
    }),
    async () => (await import('./run.ts')).embedTexts,
  );
};
