/** What the sandbox has to say: it knows nothing but itself, so its answers explain what is being simulated. */
export interface Topic {
  title: string;
  sentences: readonly string[];
  points: readonly string[];
}

export const TOPICS: readonly Topic[] = [
  {
    title: 'What is simulated',
    sentences: [
      'The words you read were put together from a fixed set of sentences.',
      'The same prompt to the same model with the same parameters gives the same words, every time.',
      'Another model says other things, at another length and speed.',
      'Everything around the words is real: the request went over HTTP, was routed, streamed, counted and billed.',
    ],
    points: [
      'the prompt was parsed and counted',
      'an endpoint was chosen by your preferences',
      'the answer was streamed piece by piece',
    ],
  },
  {
    title: 'How fast it is',
    sentences: [
      'Each endpoint has a time to first token and a speed of its own.',
      'Slow endpoints are hurried along, so that no answer takes longer than about six seconds.',
      'Sort by latency or by throughput to see other endpoints answer.',
      'The figures under the answer are measured, not taken from the catalogue.',
    ],
    points: [
      'time to first token differs by endpoint',
      '`--route-by latency` picks the quickest start',
      '`--route-by throughput` picks the quickest stream',
    ],
  },
  {
    title: 'What it costs',
    sentences: [
      'Tokens are counted by a simple rule: about six letters each, and every other sign is one.',
      'The cost is the exact product of these counts and the prices of the endpoint that answered.',
      'Nothing is billed to anybody: the credits of the sandbox are play money.',
      'Prices are those that were public on the date of the catalogue.',
    ],
    points: ['input and output have prices of their own', 'reasoning counts as output', 'long prompts can cost more per token'],
  },
  {
    title: 'How it was routed',
    sentences: [
      'Without wishes the cheapest endpoint of the model answers.',
      'An order of providers, a price limit or a data policy change which one that is.',
      'When a model fails, the next fallback model answers, and the reply names it.',
      'When no endpoint is left, you get the same refusal as from the real API.',
    ],
    points: ['`--provider` sets the order', '`--max-price` removes expensive endpoints', '`--fallback` names other models'],
  },
  {
    title: 'What can go wrong',
    sentences: [
      'Real providers are overloaded, cut connections and send errors in the middle of an answer.',
      'The models of the author sandbox do the same on demand.',
      'A client that copes with all of them copes with most of the real trouble.',
      'Try one of them together with a fallback model, and see who answers.',
    ],
    points: ['`sandbox/rate-limit` asks you to wait', '`sandbox/cut` breaks off', '`sandbox/fails-once` works the second time'],
  },
  {
    title: 'What happens to your words',
    sentences: [
      'Your prompt stayed on this machine.',
      'The sandbox itself forgets it with the end of the process; what orx keeps of a conversation, it keeps in files of yours.',
      'Each endpoint has an assumed data policy, so that strict routing can be tried.',
      'These policies are made up and say nothing about the real companies.',
    ],
    points: ['no network beyond loopback', 'conversations of the sandbox are separate from real ones', 'no key is needed'],
  },
];

/** How the models of an author like to put things. */
export interface Voice {
  lead: string;
  /** Least and most topics of an answer. */
  topics: readonly [number, number];
  hasTitles: boolean;
  list: 'none' | 'bullets' | 'numbers';
  code?: string;
  close?: string;
}

const PLAIN: Voice = { lead: 'In short:', topics: [1, 2], hasTitles: false, list: 'bullets' };

const VOICES: Readonly<Record<string, Voice>> = {
  openai: {
    lead: 'Here is what there is to know.',
    topics: [1, 3],
    hasTitles: true,
    list: 'bullets',
    close: 'Ask on, and the sandbox will count on.',
  },
  anthropic: {
    lead: 'Let me be plain about what happened to it.',
    topics: [2, 3],
    hasTitles: true,
    list: 'none',
    code: 'orx chat -m anthropic/claude-sonnet-4.6 "…"   # with a key: a real answer',
    close: 'I cannot tell whether your question is a good one, and I would rather say so.',
  },
  google: { lead: '**Key points** follow.', topics: [2, 3], hasTitles: false, list: 'numbers' },
  deepseek: {
    lead: 'Step by step:',
    topics: [1, 2],
    hasTitles: true,
    list: 'numbers',
    code: 'orx price deepseek/deepseek-chat --in 1200 --out 400',
  },
  'meta-llama': { lead: 'Sure!', topics: [1, 2], hasTitles: false, list: 'none' },
  mistralai: { lead: 'Briefly:', topics: [1, 1], hasTitles: false, list: 'bullets' },
  qwen: { lead: 'An overview:', topics: [1, 3], hasTitles: true, list: 'numbers', code: 'orx models --free' },
  'x-ai': { lead: 'No mystery here.', topics: [1, 2], hasTitles: false, list: 'none', close: 'That is all there is to it.' },
};

export function voiceOf(modelId: string): Voice {
  return VOICES[modelId.replace(/^~/, '').split('/')[0] ?? ''] ?? PLAIN;
}
