import { SETTINGS } from '../../core/settings/settings.ts';
import { withSettings } from '../../core/settings/with-settings.ts';
import { OrxError, usageError } from '../../errors.ts';
import { maskKey } from '../../output/text/error.ts';
import { fieldText, keyFields } from '../../output/setup/key.ts';
import { visibleLine, visibleText } from '../../output/text/visible.ts';
import type { KeyInfo } from '../../apis/api.ts';
import type { Context } from '../context.ts';
import type { LoginServices } from '../../core/setup/login-services.ts';
import { checkKeychain, forgetKeys, placeKey } from './store-key.ts';
import { type LoginOptions, parseLogin } from './auth-options.ts';
import { type ChangedProfile, changeProfile, profileToChange } from './change-profile.ts';

/**
 * `orx auth login`: gets a key (browser, code or paste), checks it with the API, and stores it. Does not store a key that the API
 * rejects; stores one that cannot be checked now, with a notice. Then sends a test question to show that models answer. Prints
 * only to stderr.
 */
export const logIn = { parse: parseLogin, run: runLogin };

async function runLogin(options: LoginOptions, context: Context): Promise<number> {
  const { settings, source: current, hasKeyboard } = options;
  const print = (text: string): void => void context.terminal.streams.stderr.write(`${visibleText(text)}\n`);
  const profile = profileToChange(context);
  await checkKeychain(options.keychain, context);
  // The present key is not used, so a command that prints it is not run.
  const services = await context.apis.for(withSettings(settings, { 'api-key': undefined })).openLogin();
  const key = parseKey(await obtainKey(services, options, print), hasKeyboard);
  const checked = await checkKey(services, key);

  print(`stored the key ${maskKey(key)} in ${await storeKey(key, profile, options, context)}`);
  if (checked instanceof OrxError)
    print(`warning: the key could not be checked: ${visibleLine(checked.message)}; check it later: orx auth status`);
  else print(fieldText(keyFields(checked, [key])).trimEnd());
  if (current.source === 'environment' && profile?.isTyped !== true)
    print(`warning: ${current.name ?? ''} is set in the environment and overrides the stored key`);
  // Skip the test question if the API could not be reached just now.
  if (options.asksTest && !(checked instanceof OrxError))
    await (await import('./test-question.ts')).askTestQuestion(key, context);
  return 0;
}

/** Stores the key in the profile, or for all profiles. Returns the place. */
async function storeKey(
  key: string,
  profile: ChangedProfile | undefined,
  { keychain }: LoginOptions,
  context: Context,
): Promise<string> {
  const account = context.stores.keychainAccount({ profile: profile?.name });
  const { stored, place } = await placeKey(key, account, keychain, context);
  let before: unknown;
  let path: string;
  if (profile === undefined) {
    const store = await context.stores.openSettings();
    await store.update('api-key', (earlier) => {
      before = earlier;
      return stored;
    });
    path = store.path;
  } else
    path = await changeProfile(context, profile.name, (values) => {
      before = values['api-key'];
      return { ...values, 'api-key': stored };
    });
  await forgetKeys([before], context, stored);
  return profile === undefined ? (place ?? path) : `the profile ${profile.name}, in ${place ?? path}`;
}

async function obtainKey(
  services: LoginServices,
  { way, hasKeyboard }: LoginOptions,
  print: (text: string) => void,
): Promise<string> {
  const withBrowser = (): Promise<string> =>
    services.withBrowser((url) =>
      print(
        `Your browser opens this address. If it does not, open it yourself:\n\n  ${url}\n\nWaiting for at most five minutes. Press Ctrl-C to stop.`,
      ),
    );
  const withCode = (): Promise<string> =>
    services.withCode(async (url) => {
      print(`Open this address in any browser, grant a key, and copy the code that it shows:\n\n  ${url}\n`);
      const code = (await services.ask('code (not shown): ')).trim();
      if (code === '') throw usageError('no login code given', 'start again: orx auth login --no-browser');
      return code;
    });
  if (way === 'paste') return services.ask('key (not shown): ');
  if (way === 'browser') return withBrowser();
  if (way === 'code') return withCode();
  if (!hasKeyboard) return services.ask('');
  const typed = await services.ask(
    services.hasBrowser
      ? 'Enter to log in with the browser, or paste a key (not shown): '
      : 'Enter to log in with a browser elsewhere, or paste a key (not shown): ',
  );
  if (typed.trim() !== '') return typed;
  return services.hasBrowser ? withBrowser() : withCode();
}

function parseKey(text: string, isTerminal: boolean): string {
  if (text.trim() !== '') return SETTINGS['api-key'].parse(text);
  throw isTerminal
    ? usageError('no key given', 'try again: orx auth login')
    : usageError(
        'no key on standard input',
        'pipe the key in: pass show openrouter | orx auth login',
        'log in with the browser: orx auth login --browser',
      );
}

async function checkKey(services: LoginServices, key: string): Promise<KeyInfo | OrxError> {
  try {
    return await services.keyInfo(key);
  } catch (error) {
    if (!(error instanceof OrxError) || error.kind === 'interrupted') throw error;
    if (error.kind !== 'authentication' && error.status !== 403) return error;
    throw new OrxError('the API rejected this key; it was not stored', {
      why: error.why ?? error.message,
      kind: 'authentication',
      code: 'key-refused',
      status: error.status,
      requestId: error.requestId,
      hints: ['see your keys: https://openrouter.ai/keys', 'get a key with the browser: orx auth login --browser'],
      wire: error.wire,
      cause: error,
    });
  }
}
