import type { Hint } from './errors.ts';

// Hints of several failures. Flags belong to the command that was run; inside a conversation slash commands do the same.

export const USE_ANOTHER_MODEL: Hint = { shell: 'use another model: -m MODEL', session: 'use another model: /model MODEL' };

export const TRY_AGAIN_OR_FALLBACK: Hint = {
  shell: 'try again, or add a fallback model: --fallback MODEL',
  session: 'try again, or use another model: /model MODEL',
};

export const REPHRASE: Hint = {
  shell: 'rephrase the prompt, or use another model: -m MODEL',
  session: 'rephrase the prompt, or use another model: /model MODEL',
};

export const REMOVE_OR_ANOTHER_MODEL: Hint = {
  shell: 'remove it, or use another model: -m MODEL',
  session: 'remove it, or use another model: /model MODEL',
};

/** A hint about a request parameter, such as `--max-tokens 400`. */
export function parameterHint(text: string, name: string, value: string | number): Hint {
  return { shell: `${text}: --${name} ${value}`, session: `${text}: /params ${name} ${value}` };
}

export const CHECK_BASE_URL = 'check the base URL: orx config get base-url';

export const CHECK_CONNECTION = 'check the network connection, the base URL and the proxy: orx config list';

export const SEARCH_MODELS = 'search the models: orx models WORDS';

export const DOWNLOAD_AND_ATTACH: Hint = {
  shell: 'download it, then attach the file: -a FILE',
  session: 'download it, then attach the file: /attach FILE',
};

/** A hint to attach a file that was named in another way. */
export function attachHint(text: string, path: string): Hint {
  return { shell: `${text}: -a ${path}`, session: `${text}: /attach ${path}` };
}
