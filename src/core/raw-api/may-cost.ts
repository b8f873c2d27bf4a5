import type { RawMethod, RawTarget } from '../../apis/raw-call.ts';

/** Paths below the base URL that manage the account: nothing that is sent to them is charged. */
const UNCHARGED: ReadonlySet<string> = new Set([
  'analytics',
  'auth',
  'byok',
  'credits',
  'files',
  'generation',
  'guardrails',
  'keys',
  'observability',
  'organization',
  'presets',
  'scim',
  'workspaces',
]);

/** The commands that send the same request within budgets. */
const COMMANDS: Readonly<Record<string, string>> = {
  'chat/completions': 'orx chat',
  completions: 'orx chat',
  responses: 'orx chat',
  messages: 'orx chat',
  embeddings: 'orx embed',
  rerank: 'orx rerank',
};

/**
 * Returns whether a request may be charged: everything that is not certainly free. A new endpoint of the API counts as charged
 * until orx knows it.
 */
export function mayCost(method: RawMethod, { path }: RawTarget): boolean {
  if (method === 'GET') return false;
  return path === undefined || !UNCHARGED.has(path.split('/')[0]!);
}

/** Returns the command that sends such a request within the budgets, if there is one. */
export function commandInstead({ path = '' }: RawTarget): string | undefined {
  return Object.hasOwn(COMMANDS, path) ? COMMANDS[path] : undefined;
}
