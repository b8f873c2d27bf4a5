import type { Dialect } from '../dialect.ts';
import { type DialectName, findVendor, type Vendor } from '../vendors.ts';

/** Loads each dialect when a vendor first needs it. */
const DIALECTS: Readonly<Partial<Record<DialectName, () => Promise<Dialect>>>> = {
  anthropic: async () => (await import('../anthropic/dialect.ts')).anthropic,
  cohere: async () => (await import('../cohere/dialect.ts')).cohere,
  gemini: async () => (await import('../gemini/dialect.ts')).gemini,
  responses: async () => (await import('../responses/responses.ts')).responses,
  ollama: async () => (await import('../ollama/ollama.ts')).ollama,
  'chat-completions': async () => (await import('../chat-completions/dialect.ts')).chatCompletions,
};

/** Loads the code of a dialect: only that of vendors in use is loaded. */
export function loadDialect(name: DialectName): Promise<Dialect> {
  return DIALECTS[name]!();
}

export interface VendorDialects {
  /** The dialect of the vendor's list of models. */
  dialect: Dialect;
  /** Returns the dialect of requests to a model. */
  dialectOf: (model: string) => Dialect;
}

/** Loads the dialects of a vendor. At a URL other than the vendor's own, all models use the same dialect. */
export async function loadVendorDialects(vendor: Vendor): Promise<VendorDialects> {
  const isAtHome = findVendor(vendor.like ?? vendor.name)?.baseUrl === vendor.baseUrl;
  const rules = isAtHome ? (vendor.dialectFor ?? []) : [];
  const [dialect, ...others] = await Promise.all([vendor.dialect, ...rules.map((rule) => rule.dialect)].map(loadDialect));
  return {
    dialect: dialect!,
    dialectOf: (model) => others[rules.findIndex(({ pattern }) => pattern.test(model))] ?? dialect!,
  };
}
