import { findVendor } from '../../apis/vendors.ts';
import { parseBudgetWindow } from '../../budget-window.ts';
import type { Budget, BudgetPeriod } from '../../storage/ledger/budgets/budget.ts';
import type { ConfigProblem } from './field.ts';
import type { BudgetConfig, GatewayConfig } from './fields.ts';

/** How the gateway runs: from flags, the file and defaults. */
export interface ServiceSetup {
  host: string;
  /** 0: any free port. */
  port: number;
  /** Paths as the file or the flags give them. */
  tls: { certificate: string; privateKey: string } | undefined;
  allowedHosts: readonly string[];
  allowedOrigins: readonly string[];
  logFormat: 'text' | 'json' | 'none' | undefined;
  logsContent: boolean;
  cache: { place: 'memory' | 'disk'; keptMs: number } | undefined;
  budgets: readonly Omit<Budget, 'id'>[];
}

export const HOST_NAME = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$|^\[[0-9a-f:.]+\]$/i;
export const ORIGIN = /^https?:\/\/[^/\s?#@]+$/i;

const PERIODS = ['request', 'day', 'week', 'month', 'total'] as const;

/** Builds how the gateway runs from the values of a file. */
export function buildService(config: GatewayConfig): { service: ServiceSetup; problems: readonly ConfigProblem[] } {
  const problems: ConfigProblem[] = [];
  const { server, log, cache } = config;
  const { tls_cert: certificate, tls_key: privateKey, allow_hosts: hosts = [], allow_origins: origins = [] } = server;
  if (certificate !== undefined && privateKey === undefined)
    problems.push({ path: 'server.tls_cert', message: 'needs server.tls_key' });
  if (privateKey !== undefined && certificate === undefined)
    problems.push({ path: 'server.tls_key', message: 'needs server.tls_cert' });
  for (const host of hosts)
    if (!HOST_NAME.test(host))
      problems.push({
        path: 'server.allow_hosts',
        message: `must have host names without a port, such as llm.example, not ${host}`,
      });
  for (const origin of origins)
    if (!ORIGIN.test(origin))
      problems.push({ path: 'server.allow_origins', message: `must have origins such as https://app.example, not ${origin}` });
  if (log.content && log.format !== 'json') problems.push({ path: 'log.content', message: 'needs the format json' });
  return {
    service: {
      host: server.host.trim().replace(/^\[(.*)\]$/, '$1'),
      port: server.port,
      tls: certificate === undefined || privateKey === undefined ? undefined : { certificate, privateKey },
      allowedHosts: hosts,
      allowedOrigins: origins,
      logFormat: log.format,
      logsContent: log.content,
      cache: cache.store === undefined ? undefined : { place: cache.store, keptMs: cache.ttl },
      budgets: buildBudgets(config, problems),
    },
    problems,
  };
}

function buildBudgets({ budgets, vendors }: GatewayConfig, problems: ConfigProblem[]): Omit<Budget, 'id'>[] {
  const seen = new Set<string>();
  return budgets.flatMap((budget, index) => {
    const path = `budgets[${index}]`;
    const { key: clientKey, tag, model, vendor, warn_at: warnAt } = budget;
    if (vendor !== undefined && vendor !== 'openrouter' && findVendor(vendor) === undefined && !vendors.has(vendor))
      problems.push({
        path: `${path}.vendor`,
        message: `names ${vendor}, which is not known to orx or under vendors in this file`,
      });
    const { every } = budget;
    const window = every === undefined ? undefined : parseBudgetWindow(every);
    if (every !== undefined && window === undefined)
      problems.push({
        path: `${path}.every`,
        message: `must be a duration up to ten years, such as 5h, 14d, 2w or 3mo, not ${every}`,
      });
    if (every !== undefined && budget.limit === undefined) problems.push({ path: `${path}.every`, message: 'needs limit' });
    if (every === undefined && budget.limit !== undefined) problems.push({ path: `${path}.limit`, message: 'needs every' });
    const limits = limitsOf(budget, window);
    if (limits.length === 0 && every === undefined && budget.limit === undefined)
      problems.push({ path, message: `needs a limit: one of ${PERIODS.join(', ')}, or every with limit` });
    return limits.map(({ period, limit }) => {
      const identity = JSON.stringify([period, clientKey, tag, model, vendor]);
      if (seen.has(identity))
        problems.push({
          path: `${path}.${period === window ? 'every' : period}`,
          message: 'is the second limit of this period for the same requests',
        });
      seen.add(identity);
      return { period, limit, clientKey, tag, model, vendor, warnAt };
    });
  });
}

function limitsOf(budget: BudgetConfig, window: BudgetPeriod | undefined): Pick<Budget, 'period' | 'limit'>[] {
  const named: Pick<Budget, 'period' | 'limit'>[] = PERIODS.flatMap((period) => {
    const limit = budget[period];
    return limit === undefined ? [] : [{ period, limit }];
  });
  return window === undefined || budget.limit === undefined ? named : [...named, { period: window, limit: budget.limit }];
}
