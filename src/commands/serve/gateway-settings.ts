import type { GatewaySetup } from '../../core/gateway-config/build.ts';
import type { Secret } from '../../core/gateway-config/field.ts';
import { withSettings } from '../../core/settings/with-settings.ts';
import { OrxError, usageError } from '../../errors.ts';
import type { Context } from '../context.ts';
import type { ServeOptions } from './options.ts';

/** Returns the settings of the connection, with the configuration's values for OpenRouter. */
export function gatewaySettings(
  settings: ServeOptions['settings'],
  setup: GatewaySetup | undefined,
  { env }: Pick<Context, 'env'>,
): ServeOptions['settings'] {
  const { baseUrl, key } = setup?.openRouter ?? {};
  if (baseUrl === undefined && key === undefined) return settings;
  return withSettings(settings, {
    ...(baseUrl !== undefined && { 'base-url': baseUrl }),
    // A missing variable causes a note about the configuration, and an error when OpenRouter is used.
    ...(key !== undefined && { 'api-key': secretText('vendors.openrouter.key', key, env) }),
  });
}

/** Returns the key that every client may use, if the configuration has one. Throws a usage error if it cannot be read. */
export function masterKeyOf(setup: GatewaySetup, { env }: Pick<Context, 'env'>): string | undefined {
  if (setup.masterKey === undefined) return undefined;
  const master = secretText('master_key', setup.masterKey, env);
  if (master !== undefined) return master;
  const name = 'variable' in setup.masterKey ? setup.masterKey.variable : '';
  throw new OrxError(`the environment variable ${name} for master_key is not set`, {
    kind: 'usage',
    code: 'bad-config',
    hints: [`set it: export ${name}=KEY`, 'remove master_key to accept any key of a client'],
  });
}

function secretText(path: string, secret: Secret, env: Context['env']): string | undefined {
  if ('command' in secret) throw usageError(`${path} must be env:NAME or the key itself, not a command`);
  const text = 'variable' in secret ? env[secret.variable]?.trim() : secret.text;
  return text === '' ? undefined : text;
}
