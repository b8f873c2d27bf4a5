import { type DoctorCheck, checkOfError, okCheck, skippedCheck } from '../../core/doctor/check.ts';
import { fileChecks, type StoredFolderFacts } from '../../core/doctor/judge-files.ts';
import { nodeCheck } from '../../core/doctor/judge-machine.ts';
import { terminalChecks } from '../../core/doctor/judge-terminal.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import type { ResolvedSettings } from '../../core/settings/settings.ts';
import { imageProtocol } from '../../output/chat/inline-image.ts';
import { doctorCheckText, doctorJson, summaryText } from '../../output/doctor/text.ts';
import { styled } from '../../output/text/terminal-border.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import type { DoctorServices } from '../../core/doctor/services.ts';
import { showJson } from '../show-table.ts';
import { keyCheck } from './key.ts';
import { networkChecks } from './network.ts';
import { type DoctorOptions, parseDoctor } from './options.ts';
import { invalidSettings, settingsChecks } from './settings.ts';
import { storedCatalogueCheck, ledgerCheckOf } from './stored.ts';

/** The oldest version of Node that orx supports: `engines` of package.json. */
const OLDEST_NODE = '20.18.0';

/** `orx doctor`: prints each check when it is done. Exits with 1 if one failed. */
export const runDoctor = { parse: parseDoctor, run };

async function run(options: DoctorOptions, context: Context): Promise<number> {
  const { streams, themeOf, secrets } = context.terminal;
  const { stdout } = streams;
  const checks: DoctorCheck[] = [];
  const isSandbox = isSandboxIn(options);
  const shape = (): { paint: ReturnType<typeof themeOf>['paint']; columns: number | undefined; secrets: readonly string[] } => ({
    paint: themeOf(stdout).paint,
    columns: stdout.columns || undefined,
    secrets,
  });
  for await (const check of allChecks(options, context)) {
    checks.push(check);
    if (!options.isJson) await write(styled(stdout), doctorCheckText(check, shape()));
  }
  if (options.isJson) await showJson(context, [], doctorJson(checks, { isSandbox: isSandbox(), secrets }));
  else await write(styled(stdout), summaryText(checks, { ...shape(), isSandbox: isSandbox() }));
  return checks.some(({ status }) => status === 'failed') ? 1 : 0;
}

/** Returns whether the sandbox is in use, as soon as the settings are read. */
function isSandboxIn(options: DoctorOptions): () => boolean {
  return () => {
    try {
      return options.resolved.values.sandbox;
    } catch {
      return false;
    }
  };
}

async function* allChecks(options: DoctorOptions, context: Context): AsyncGenerator<DoctorCheck> {
  const services = await context.openDoctorServices();
  yield okCheck('orx', services.orxVersion);
  yield nodeCheck(services.nodeVersion, OLDEST_NODE);
  // Before the settings are read: orx removes permissions of others from files that it reads.
  const folders = services.inspectFolders();
  yield* fileChecks(folders);
  yield* checksOfSettings(options, context, services, folders);
  yield* terminalChecks({
    isTerminal: context.terminal.streams.stdout.isTTY === true,
    columns: context.terminal.streams.stdout.columns,
    hasColor: context.terminal.themeOf(context.terminal.streams.stdout).hasColor,
    images: imageProtocol(context.env),
    clipboard: services.findClipboard(),
    platform: services.platform,
    env: context.env,
  });
}

async function* checksOfSettings(
  options: DoctorOptions,
  context: Context,
  services: DoctorServices,
  folders: readonly StoredFolderFacts[],
): AsyncGenerator<DoctorCheck> {
  let resolved: ResolvedSettings;
  try {
    resolved = options.resolved;
  } catch (error) {
    yield checkOfError('settings', error);
    for (const name of ['proxy', 'dns', 'tcp', 'tls', 'reply', 'clock', 'key', 'catalog', 'ledger'] as const)
      yield skippedCheck(name, 'the settings cannot be read');
    return;
  }
  yield* settingsChecks(resolved);
  const invalid = invalidSettings(resolved);
  if (invalid.length > 0) {
    for (const name of ['proxy', 'dns', 'tcp', 'tls', 'reply', 'clock', 'key'] as const)
      yield skippedCheck(name, `the setting ${invalid.join(', ')} is not usable`);
    if (invalid.some((key) => key === 'sandbox' || key === 'base-url')) return;
  } else yield* checksOfConnection(resolved, options.isOffline, context, services);
  const settings: ConnectionSettings = resolved.values;
  yield await storedCatalogueCheck(settings, context);
  yield await ledgerCheckOf(settings, folders, context);
}

async function* checksOfConnection(
  resolved: ResolvedSettings,
  isOffline: boolean,
  context: Context,
  services: DoctorServices,
): AsyncGenerator<DoctorCheck> {
  let isReached = false;
  for await (const check of networkChecks(resolved, { isOffline, context, services })) {
    if (check.name === 'reply') isReached = check.status === 'ok' || check.status === 'warning';
    yield check;
  }
  yield await keyCheck(resolved, isReached, context);
}
