import { withFlags } from '../commander.ts';
import { withHelp } from '../help-facts.ts';
import type { RegisterCommand } from '../register.ts';
import { addRequestSettings } from '../text-rows/flags.ts';
import { rerankFlags } from './flags.ts';

export const registerRerank: RegisterCommand = (program, execute) => {
  const plain = program.command('rerank').argument('<query...>', 'what to search for');
  const command = addRequestSettings(withFlags(plain, rerankFlags));
  execute(
    withHelp(command, {
      examples: [
        'orx rerank -m cohere/rerank-v3.5 "refund policy" -f faq.txt --top 3',
        'cat rows.jsonl | orx rerank -m cohere/rerank-v3.5 "refunds" --field body | jq .score',
        'git log --oneline | orx rerank -m cohere/rerank-v3.5 "parser" -o lines | head',
      ],
      notes: `
Each line is a document. If the first line is a JSON object, each line is one, and the document is in the field "text". The output is sorted by relevance: the same fields, "index" and "score" as JSON lines, or a table on a terminal. With lines, the output has the documents only, as they were read.

Rows that cannot be read are reported with their line, all others are sent, and orx exits with 2. Every request is recorded in the ledger and keeps within budgets.`,
    }),
    async () => (await import('./run.ts')).rerankDocuments,
  );
};
