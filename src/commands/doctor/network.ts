import {
  type DoctorCheck,
  type DoctorCheckName,
  checkOfError,
  failedCheck,
  okCheck,
  skippedCheck,
  warningCheck,
} from '../../core/doctor/check.ts';
import { clockCheck, replyCheck } from '../../core/doctor/judge-reply.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { proxyUrl, withoutLogin } from '../../core/settings/parsers.ts';
import type { ResolvedSettings } from '../../core/settings/settings.ts';
import { OrxError } from '../../errors.ts';
import { shellWord } from '../../text/shell-word.ts';
import type { Context } from '../context.ts';
import type { DoctorServices, ProbedHost } from '../../core/doctor/services.ts';
import { withinLimit } from './within-limit.ts';

interface Surroundings {
  isOffline: boolean;
  context: Context;
  services: DoctorServices;
}

/** A proxy, and the flag, setting or variable that names it. */
interface NamedProxy {
  address: string;
  name: string;
  /** How to use none. */
  removal: string;
}

const AFTER_PROXY = ['dns', 'tcp', 'tls'] as const;
const ALL = ['proxy', ...AFTER_PROXY, 'reply', 'clock'] as const;
const MOST_ADDRESSES = 3;

/** Follows a request to the base URL step by step. What comes after a failed step is skipped. */
export async function* networkChecks(
  resolved: ResolvedSettings,
  { isOffline, context, services }: Surroundings,
): AsyncGenerator<DoctorCheck> {
  const settings: ConnectionSettings = resolved.values;
  if (settings.sandbox || isOffline) {
    for (const name of ALL) yield skippedCheck(name, settings.sandbox ? 'the sandbox needs no network' : '--offline');
    return;
  }
  const url = new URL(settings['base-url']);
  const proxy = proxyFor(resolved, url, services);
  let isBroken = false;
  const steps = proxy === undefined ? directSteps(url, settings, services, context) : proxySteps(proxy, services, context);
  for await (const check of steps) {
    isBroken ||= check.status === 'failed';
    yield check;
  }
  if (isBroken) {
    for (const name of ['reply', 'clock'] as const) yield skippedCheck(name, 'no connection');
    return;
  }
  try {
    const { value: reply } = await withinLimit(context, (signal) => services.requestFirst(settings, signal));
    yield replyCheck(reply, url.host);
    yield clockCheck(reply, services.platform);
  } catch (error) {
    context.lifetime.interrupt.throwIfAborted();
    yield proxy !== undefined && isProxyError(error)
      ? checkOfError('proxy', error, `use none: ${proxy.removal}`)
      : checkOfError('reply', error, ...moreFixes(error, url));
    if (isProxyError(error)) yield skippedCheck('reply', 'no connection');
    yield skippedCheck('clock', 'no reply');
  }
}

function proxyFor({ values, sources }: ResolvedSettings, url: URL, services: DoctorServices): NamedProxy | undefined {
  if (values.proxy !== undefined) {
    const { source, name } = sources.proxy;
    if (name !== undefined) return { address: values.proxy, name, removal: `unset ${name}` };
    return {
      address: values.proxy,
      name: source === 'flag' ? '--proxy' : 'the setting proxy',
      removal: source === 'flag' ? 'omit --proxy' : 'orx config unset proxy',
    };
  }
  const { used } = services.proxyVariables(url);
  return used === undefined ? undefined : { address: used.value, name: used.name, removal: `unset ${used.name}` };
}

async function* proxySteps(
  { address, name, removal }: NamedProxy,
  services: DoctorServices,
  context: Context,
): AsyncGenerator<DoctorCheck> {
  const shown = `${name} is ${withoutLogin(address)}`;
  let url: URL;
  try {
    url = new URL(proxyUrl(name)(address));
  } catch (error) {
    yield checkOfError('proxy', error, `name a proxy: export ${name}=http://HOST:PORT`, `use none: ${removal}`);
    for (const each of AFTER_PROXY) yield skippedCheck(each, 'no connection');
    return;
  }
  const host = services.probe(url);
  try {
    const { ms } = await withinLimit(context, async (signal) => {
      await host.resolve(signal);
      await host.connect(signal);
      if (url.protocol === 'https:') await host.startTls(signal);
    });
    yield okCheck('proxy', `${shown}, and it accepts connections`, ms);
  } catch (error) {
    context.lifetime.interrupt.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    yield failedCheck('proxy', `${shown}; ${why}`, `use none: ${removal}`, `show the settings: orx config list`);
  } finally {
    host.close();
  }
  for (const each of AFTER_PROXY) yield skippedCheck(each, 'the proxy does this');
}

async function* directSteps(
  url: URL,
  settings: ConnectionSettings,
  services: DoctorServices,
  context: Context,
): AsyncGenerator<DoctorCheck> {
  yield okCheck('proxy', withoutProxyText(services, url));
  const host = services.probe(url, settings);
  const isTls = url.protocol === 'https:';
  try {
    const steps: readonly Step[] = [
      ['dns', async (signal) => addressText(url, await host.resolve(signal))],
      ['tcp', async (signal) => `connected to ${await host.connect(signal)}`],
      ...(isTls ? [tlsStep(host)] : []),
    ];
    let isBroken = false;
    for (const each of steps) {
      const check: DoctorCheck = isBroken ? skippedCheck(each[0], 'no connection') : await step(each, url, context);
      isBroken ||= check.status === 'failed';
      yield check;
    }
    if (!isTls) yield plainHttpCheck(url, services);
    else if (!isBroken && context.env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') yield unverifiedCheck();
  } finally {
    host.close();
  }
}

type Step = readonly [DoctorCheckName, (signal: AbortSignal) => Promise<string>];

function tlsStep(host: ProbedHost): Step {
  return ['tls', async (signal) => `${await host.startTls(signal)}, valid certificate`];
}

async function step([name, work]: Step, url: URL, context: Context): Promise<DoctorCheck> {
  try {
    const { value, ms } = await withinLimit(context, work);
    return okCheck(name, value, ms);
  } catch (error) {
    context.lifetime.interrupt.throwIfAborted();
    return checkOfError(name, error, ...moreFixes(error, url));
  }
}

function withoutProxyText(services: DoctorServices, url: URL): string {
  const { bypassed } = services.proxyVariables(url);
  if (bypassed === undefined) return 'none';
  const why = bypassed.because === 'loopback' ? `${url.hostname} is this machine` : `NO_PROXY lists ${url.hostname}`;
  return `none, although ${bypassed.name} is set: ${why}`;
}

function addressText({ hostname }: URL, addresses: readonly string[]): string {
  const shown = addresses.slice(0, MOST_ADDRESSES).join(', ');
  return `${hostname} has the address ${shown}${addresses.length > MOST_ADDRESSES ? ' …' : ''}`;
}

function plainHttpCheck(url: URL, { isLoopback }: DoctorServices): DoctorCheck {
  if (isLoopback(url.hostname)) return skippedCheck('tls', 'the base URL is http on this machine');
  return warningCheck(
    'tls',
    'the base URL is http: key and prompts travel unencrypted',
    `use https: orx config set base-url ${shellWord(url.href.replace(/^http:/, 'https:'))}`,
  );
}

function unverifiedCheck(): DoctorCheck {
  return warningCheck(
    'tls',
    'NODE_TLS_REJECT_UNAUTHORIZED is 0: no certificate is verified',
    'verify certificates: unset NODE_TLS_REJECT_UNAUTHORIZED',
  );
}

function moreFixes(error: unknown, { hostname }: URL): string[] {
  const code = error instanceof OrxError ? error.code : undefined;
  if (code === 'dns') return [`test the resolver: nslookup ${shellWord(hostname)}`];
  if (code === 'connect-timeout') return ['if a firewall allows only a proxy: orx config set proxy URL'];
  return [];
}

function isProxyError(error: unknown): boolean {
  return error instanceof OrxError && error.code === 'proxy';
}
