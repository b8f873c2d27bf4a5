import type { RegisterCommand } from '../commands/register.ts';

/** Loads the declaration of each command only when it is used, because most commands need only a few modules. */
export const COMMAND_LOADERS: Readonly<Record<string, () => Promise<RegisterCommand>>> = {
  chat: async () => (await import('../commands/chat/command.ts')).registerChat,
  compare: async () => (await import('../commands/compare-command/command.ts')).registerCompare,
  history: async () => (await import('../commands/history-browser/command.ts')).registerHistory,
  templates: async () => (await import('../commands/setup/templates.ts')).registerTemplates,
  models: async () => (await import('../commands/models/command.ts')).registerModels,
  endpoints: async () => (await import('../commands/models/command.ts')).registerEndpoints,
  price: async () => (await import('../commands/price/command.ts')).registerPrice,
  alias: async () => (await import('../commands/models/alias.ts')).registerAlias,
  fav: async () => (await import('../commands/models/alias.ts')).registerFavorites,
  cost: async () => (await import('../commands/usage/cost.ts')).registerCost,
  credits: async () => (await import('../commands/setup/credits.ts')).registerCredits,
  usage: async () => (await import('../commands/usage/command.ts')).registerUsage,
  budget: async () => (await import('../commands/ledger/budget.ts')).registerBudget,
  ledger: async () => (await import('../commands/ledger/command.ts')).registerLedger,
  auth: async () => (await import('../commands/setup/auth.ts')).registerAuth,
  vendors: async () => (await import('../commands/vendors/command.ts')).registerVendors,
  config: async () => (await import('../commands/setup/config.ts')).registerConfig,
  mcp: async () => (await import('../commands/tools/mcp.ts')).registerMcp,
  keys: async () => (await import('../commands/keys/command.ts')).registerManagedKeys,
  api: async () => (await import('../commands/api/command.ts')).registerRawApi,
  serve: async () => (await import('../commands/serve/command.ts')).registerServe,
  doctor: async () => (await import('../commands/doctor/command.ts')).registerDoctor,
  completion: async () => (await import('../commands/setup/completion.ts')).registerCompletion,
  help: async () => (await import('./help/help-command.ts')).registerHelp,
};
