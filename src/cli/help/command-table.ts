interface CommandRow {
  name: string;
  description: string;
  /** Hidden names of the same command. */
  aliases?: readonly string[];
}

interface CommandGroup {
  title: string;
  commands: readonly CommandRow[];
}

/** All commands, in the order of `orx --help`. */
export const COMMAND_GROUPS: readonly CommandGroup[] = [
  {
    title: 'Chat',
    commands: [
      {
        name: 'chat',
        description: 'Chat with a model: one prompt, piped input, or a session',
      },
      {
        name: 'compare',
        description: 'Compare the answers of several models side by side',
      },
      {
        name: 'history',
        description: 'List, search, show and export past conversations',
      },
      {
        name: 'templates',
        description: 'Manage prompt templates',
      },
      {
        name: 'embed',
        description: 'Compute embedding vectors of texts, lines or JSONL',
      },
      {
        name: 'rerank',
        description: 'Sort documents by their relevance to a query',
      },
    ],
  },
  {
    title: 'Models and prices',
    commands: [
      {
        name: 'models',
        description: 'List models and prices',
      },
      {
        name: 'endpoints',
        description: 'List the providers of a model with price, limits and speed',
      },
      {
        name: 'price',
        description: 'Estimate what a prompt costs on each model, cheapest first',
      },
      {
        name: 'alias',
        description: 'Manage short names of models',
      },
      {
        name: 'fav',
        description: 'Manage favorite models',
        aliases: ['favorites', 'favourites'],
      },
    ],
  },
  {
    title: 'Spending',
    commands: [
      {
        name: 'cost',
        description: 'Show the cost of the last command, a conversation or a period',
      },
      {
        name: 'show',
        description: "Show the API's final record of a request: provider, cost",
      },
      {
        name: 'usage',
        description: 'Show spending and performance',
      },
      {
        name: 'budget',
        description: 'Limit spending per request, day, week, month or in total',
      },
      {
        name: 'ledger',
        description: 'Export, import and check the record of all requests',
      },
    ],
  },
  {
    title: 'Setup and integration',
    commands: [
      {
        name: 'auth',
        description: 'Log in to OpenRouter, show the API key in use, log out',
      },
      {
        name: 'credits',
        description: 'Show the credits of the account: bought, used and left',
      },
      {
        name: 'keys',
        description: 'Manage the API keys of the account and their limits',
      },
      {
        name: 'vendors',
        description: 'Manage API keys of vendors such as Anthropic and OpenAI',
      },
      {
        name: 'config',
        description: 'Show and change settings',
      },
      {
        name: 'profile',
        description: 'Manage sets of settings, each with its own API key',
      },
      {
        name: 'mcp',
        description: 'Manage MCP servers',
      },
      {
        name: 'serve',
        description: 'Start a local gateway with OpenAI, Anthropic and Gemini APIs',
      },
      {
        name: 'api',
        description: 'Send any request to the API and print the reply',
      },
      {
        name: 'doctor',
        description: 'Check the setup: files, key, network, ledger and terminal',
      },
      {
        name: 'completion',
        description: 'Print the tab completion script of your shell',
      },
      {
        name: 'help',
        description: 'Show help for a command or topic',
      },
    ],
  },
];

export const COMMAND_ROWS: readonly CommandRow[] = COMMAND_GROUPS.flatMap(({ commands }) => commands);
export const COMMAND_NAMES: readonly string[] = COMMAND_ROWS.map(({ name }) => name);

/** Finds a command by its name or a hidden name. */
export function findCommandRow(word: string): CommandRow | undefined {
  return COMMAND_ROWS.find(({ name, aliases }) => name === word || aliases?.includes(word) === true);
}
