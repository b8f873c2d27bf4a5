import { findVendor } from '../../../apis/vendors.ts';
import type { Environment } from '../scalars.ts';

/** LiteLLM's model prefixes and the corresponding vendors of orx. */
const PREFIXES: Readonly<Record<string, string>> = {
  openai: 'openai',
  text_completion_openai: 'openai',
  anthropic: 'anthropic',
  gemini: 'google',
  mistral: 'mistral',
  codestral: 'mistral',
  deepseek: 'deepseek',
  xai: 'xai',
  groq: 'groq',
  together_ai: 'together',
  fireworks_ai: 'fireworks',
  cerebras: 'cerebras',
  cohere: 'cohere',
  cohere_chat: 'cohere',
  ollama: 'ollama',
  ollama_chat: 'ollama',
  lm_studio: 'lmstudio',
  hosted_vllm: 'vllm',
  vllm: 'vllm',
};
/** Clouds with their own authentication and addresses, which orx does not support. */
const UNSUPPORTED = new Set([
  'azure',
  'azure_ai',
  'azure_text',
  'bedrock',
  'vertex_ai',
  'vertex_ai_beta',
  'sagemaker',
  'sagemaker_chat',
  'watsonx',
]);
/** Vendors of models without a prefix, which LiteLLM recognizes by their names. */
const BARE: readonly (readonly [RegExp, string])[] = [
  [/^(gpt-|chatgpt|o\d|text-embedding-|davinci|codex)/i, 'openai'],
  [/^claude/i, 'anthropic'],
  [/^gemini/i, 'google'],
  [/^command/i, 'cohere'],
  [/^(mistral|ministral|codestral|pixtral)/i, 'mistral'],
  [/^deepseek/i, 'deepseek'],
  [/^grok/i, 'xai'],
];
/** The same as patterns of model names, for the model `*`. */
export const BARE_PATTERNS: readonly (readonly [string, string])[] = [
  ['gpt-*', 'openai'],
  ['chatgpt-*', 'openai'],
  ['o1*', 'openai'],
  ['o3*', 'openai'],
  ['o4*', 'openai'],
  ['text-embedding-*', 'openai'],
  ['claude-*', 'anthropic'],
  ['gemini-*', 'google'],
  ['command-*', 'cohere'],
  ['mistral-*', 'mistral'],
  ['deepseek-*', 'deepseek'],
  ['grok-*', 'xai'],
];
export const OPENROUTER = 'openrouter';
const OPENROUTER_URL = 'https://openrouter.ai/api/v1';

/** The vendor and the model of a LiteLLM deployment. */
export interface Deployment {
  /** `openrouter`, a vendor of orx, or undefined: a host of the user that implements OpenAI's API. */
  vendor: string | undefined;
  model: string;
}

/** Parses `prefix/model`. Returns text if orx cannot use the deployment: the reason. */
export function readDeployment(model: string, provider: string | undefined, hasAddress: boolean): Deployment | string {
  const slash = model.indexOf('/');
  const prefix = provider ?? (slash < 0 ? undefined : model.slice(0, slash));
  let rest = provider === undefined || model.startsWith(`${provider}/`) ? model.slice(slash + 1) : model;
  if (prefix === undefined) {
    const vendor = hasAddress ? undefined : BARE.find(([pattern]) => pattern.test(model))?.[1];
    return vendor === undefined && !hasAddress ? `no vendor is known for the model ${model}` : { vendor, model };
  }
  if (prefix === OPENROUTER) return { vendor: OPENROUTER, model: rest };
  if (UNSUPPORTED.has(prefix)) return `orx does not speak to ${prefix}`;
  const vendor = PREFIXES[prefix];
  // LiteLLM's mark for the Responses API, which orx uses for the models that need it.
  if (vendor === 'openai') rest = rest.replace(/^responses\//, '');
  // OpenAI's prefix with an address means any server that implements its API.
  if (vendor === 'openai' && hasAddress) return { vendor: undefined, model: rest };
  if (vendor !== undefined) return { vendor, model: rest };
  if (!hasAddress) return `orx does not know the vendor ${prefix}; with an api_base it is asked as OpenAI's API`;
  return { vendor: undefined, model: rest };
}

/** Returns orx's name of a vendor, or undefined for one that it does not know. */
export function vendorOfPrefix(prefix: string): string | undefined {
  return prefix === OPENROUTER ? OPENROUTER : PREFIXES[prefix];
}

/** Returns every prefix of a vendor that is not local, with that vendor, for the model `*`. */
export function vendorPrefixes(): readonly (readonly [string, string])[] {
  const known = Object.entries(PREFIXES).filter(([, vendor]) => findVendor(vendor)?.isLocal !== true);
  return [...known, [OPENROUTER, OPENROUTER]];
}

/** Assigns names to vendors. Vendor, address and key together identify one. */
export class VendorRegistry {
  /** In the form of orx's configuration file. */
  readonly vendors: Record<string, Record<string, string>> = {};
  readonly #names = new Map<string, string>();
  readonly #environment: Environment;

  /** `environment`: the variables that the file itself sets. */
  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Returns the model id of this deployment. */
  idOf({ vendor, model }: Deployment, address: string | undefined, key: string | undefined): string {
    const secret = this.#secret(vendor, key);
    if (vendor === OPENROUTER) return this.#openRouterId(model, address, secret);
    const known = vendor === undefined ? undefined : findVendor(vendor);
    const isPlain = known !== undefined && address === undefined && secret === undefined;
    const name = isPlain ? known.name : this.#nameOf(known?.name, address, secret);
    return `${name}:${/^(nitro|floor|online|exacto|free|thinking|extended|batch|beta)(:|@|$)/i.test(model) ? ':' : ''}${model}`;
  }

  #openRouterId(model: string, address: string | undefined, secret: string | undefined): string {
    const own = this.vendors[OPENROUTER];
    const isSame = own?.['key'] === secret && own?.['base_url'] === address;
    if (isSame || (address === undefined && secret === undefined)) return model;
    if (own === undefined) {
      this.vendors[OPENROUTER] = {
        ...(address !== undefined && { base_url: address }),
        ...(secret !== undefined && { key: secret }),
      };
      return model;
    }
    // orx has one key for OpenRouter. A deployment with another key becomes a host with the same API.
    return `${this.#nameOf(undefined, address ?? OPENROUTER_URL, secret)}:${model}`;
  }

  #nameOf(like: string | undefined, address: string | undefined, secret: string | undefined): string {
    const identity = JSON.stringify([like, address, secret]);
    const known = this.#names.get(identity);
    if (known !== undefined) return known;
    const base = like ?? hostName(address ?? '');
    let name = like === undefined && findVendor(base) === undefined ? base : `${base}-2`;
    for (let count = 3; this.vendors[name] !== undefined || findVendor(name) !== undefined; count += 1) name = `${base}-${count}`;
    this.#names.set(identity, name);
    this.vendors[name] = {
      ...(like !== undefined && { like }),
      ...(address !== undefined && { base_url: address }),
      ...(secret !== undefined && { key: secret }),
    };
    return name;
  }

  /** Returns the key as the configuration names it; undefined if the vendor's own variable already contains it. */
  #secret(vendor: string | undefined, given: string | undefined): string | undefined {
    const variables: readonly string[] =
      vendor === OPENROUTER ? ['OPENROUTER_API_KEY'] : (findVendor(vendor ?? '')?.keyVariables ?? []);
    const [, name] = /^os\.environ\/(.+)$/.exec(given ?? '') ?? [];
    if (name !== undefined) return this.#environment[name] ?? (variables.includes(name) ? undefined : `env:${name}`);
    if (given !== undefined) return given;
    return variables.map((variable) => this.#environment[variable]).find((value) => value !== undefined);
  }
}

/** Returns a name for a host of the user: `http://kimi:8001/v1` → `kimi-8001`. */
function hostName(address: string): string {
  const host = URL.canParse(address) ? new URL(address).host : address;
  const plain = host
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 34);
  return /^[a-z]/.test(plain) ? plain : `host-${plain}`.slice(0, 36).replace(/-+$/, '');
}
