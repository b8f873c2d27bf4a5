import { type AnswerFacts, fence, firstTokenText, pastablePrompt, pricesPerMillion, table } from './answer-facts.ts';
import { clientCode } from './client-code.ts';
import { CATALOGUE_DATE } from './model-facts.ts';
import { specialName } from './special-models.ts';

/** Something to try next. Each command works as written: in the sandbox, without a key. */
export interface Topic {
  /** Selects the topic when it matches the prompt. */
  isAbout: RegExp;
  title: string;
  body: (facts: AnswerFacts) => string;
}

const OTHERS = ['anthropic/claude-haiku-4.5', 'google/gemini-2.5-flash', 'openai/gpt-4o-mini'];

export const TOPICS: readonly Topic[] = [
  {
    isAbout: /\b(?:compar\w*|versus|vs|best|better|which model|models?)\b/i,
    title: 'Compare models',
    body(facts) {
      const other = OTHERS.find((id) => id !== facts.model.id);
      return [
        'Send one prompt to several models, and see their answers, speed and cost side by side:',
        fence('sh', `orx --sandbox compare "${pastablePrompt(facts)}" \\\n  -m ${facts.asked.id} \\\n  -m ${other}`),
        'In a conversation, `/compare` does this with your last message.',
      ].join('\n\n');
    },
  },
  {
    isAbout:
      /\b(?:code|coding|function|scripts?|program\w*|python|javascript|typescript|node|curl|api|sdk|apps?|gateway|langchain)\b/i,
    title: 'Use orx from your own code',
    body: (facts) =>
      [
        '`orx serve --sandbox` is an OpenAI-compatible server on this machine. Start it, then point any client at it:',
        clientCode(facts),
        'Without `--sandbox`, the same program reaches every model that you have a key for.',
      ].join('\n\n'),
  },
  {
    isAbout: /\b(?:costs?|prices?|pricing|cheap\w*|expensive|budgets?|spend\w*|money|dollars?|tokens?)\b/i,
    title: 'Track your costs',
    body: () =>
      [
        fence(
          'sh',
          [
            'orx --sandbox price --in 1200 --out 400   # before you ask: the cheapest model first',
            'orx --sandbox usage                       # what you have spent, by model',
            'orx --sandbox budget add --day 2          # at most $2 a day',
          ].join('\n'),
        ),
        `> Prices are real, as of ${CATALOGUE_DATE}; charges are not. The sandbox has a separate ledger.`,
      ].join('\n\n'),
  },
  {
    isAbout: /\b(?:errors?|fail\w*|retr(?:y|ies)|fallbacks?|timeouts?|down|reliab\w*|robust\w*|slow)\b/i,
    title: 'See how orx handles failures',
    body: () =>
      [
        'Some sandbox models simulate failures:',
        table(
          ['model', 'what happens', 'exit code'],
          [
            ['`sandbox/rate-limit`', 'rejects with 429', '5'],
            ['`sandbox/always-down`', 'fails with 502', '7'],
            ['`sandbox/cut`', 'disconnects mid-stream', '8'],
          ],
          2,
        ),
        'A fallback model answers instead:',
        fence('sh', 'orx --sandbox chat -m sandbox/always-down --fallback openai/gpt-4o-mini "hello"'),
      ].join('\n\n'),
  },
  {
    isAbout: /\b(?:privacy|private|secrets?|confidential|gdpr|polic(?:y|ies)|data|logs?|stored?)\b/i,
    title: 'Decide who can see your prompts',
    body: () =>
      [
        '- `-n` keeps a request out of the history and the ledger',
        '- `--data-policy strict` allows only providers that neither store prompts nor train on them',
        '- `orx history remove ID` deletes a conversation permanently',
        '',
        '> This prompt stayed on your machine. The sandbox sends nothing to the network.',
      ].join('\n'),
  },
  {
    isAbout: /\b(?:files?|images?|pictures?|photos?|pdfs?|documents?|audio|videos?|attach\w*|read|summar\w*)\b/i,
    title: 'Send files along',
    body: () =>
      [
        fence(
          'sh',
          [
            'git diff | orx --sandbox chat "Review this change"',
            'orx --sandbox chat -f "src/*.ts" "Where are errors handled?"',
            'orx --sandbox chat -a chart.png -m openai/gpt-4o "What does this show?"',
          ].join('\n'),
        ),
        'In a conversation, type `@` and part of a file name.',
      ].join('\n\n'),
  },
  {
    isAbout: /^\W*(?:hi|hello|hey|help|test|start|what can)\b|\b(?:orx|conversation|chat|commands?|keys?|shortcuts?)\b/i,
    title: 'Have a conversation',
    body: () =>
      [
        'Run `orx --sandbox chat` without a prompt. Then:',
        [
          '- `/model` switches the model, `/retry` asks again',
          '- `/compare` shows other models side by side',
          '- `@` attaches a file, **Ctrl-R** searches earlier prompts',
          '- `/cost` shows what the conversation has cost, `/help` everything else',
        ].join('\n'),
      ].join('\n\n'),
  },
  {
    isAbout: /\b(?:provider\w*|rout(?:e|es|ing)|fast\w*|speed|latency|throughput|quick\w*)\b/i,
    title: 'Choose the provider',
    body({ model, available }) {
      const rows = available.map((endpoint) => {
        const { input, output } = pricesPerMillion(model, endpoint);
        return [endpoint.provider, input, output, firstTokenText(endpoint), String(endpoint.throughput)];
      });
      return [
        `${rows.length === 1 ? 'One provider offers' : `${rows.length} providers offer`} \`${model.id}\` (the speed is simulated):`,
        table(['provider', 'in $/M', 'out $/M', 'first token', 'tokens/s'], rows),
        fence('sh', `orx --sandbox chat -m ${model.id} --route-by latency "hello"`),
      ].join('\n\n');
    },
  },
  {
    isAbout: /\b(?:login|log in|auth\w*|account|real|simulat\w*|sandbox|openrouter)\b/i,
    title: 'Ask a real model',
    body: ({ asked }) =>
      [
        '1. Create a key at openrouter.ai/keys',
        '2. Run `orx auth login` and paste it',
        '3. Leave out `--sandbox` (and `ORX_SANDBOX`):',
        '',
        // Special models exist only in the sandbox.
        fence('sh', `orx chat -m ${specialName(asked.id) === undefined ? asked.id : OTHERS[2]} "hello"`),
      ].join('\n'),
  },
];
