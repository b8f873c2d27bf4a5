import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { LookupAddress } from 'node:dns';
import type { Socket } from 'node:net';
import type { Streams } from '../../commands/context/terminal.ts';
import type { DoctorServices, ProbedHost } from '../../core/doctor/services.ts';
import type { FirstReply } from '../../core/doctor/judge-reply.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { headersFor } from '../../core/settings/headers/extra-headers.ts';
import { createHttpClient } from '../../http/client.ts';
import type { HttpLimits } from '../../http/limits.ts';
import { probeAddresses, probeTcp, probeTls } from '../../http/probe.ts';
import { isLoopback, proxyVariables } from '../../http/proxy.ts';
import type { UserCertificates } from '../../http/tls.ts';
import { inspectFolders } from '../../storage/files/inspect-folders.ts';
import type { Paths } from '../../storage/paths.ts';
import { VERSION } from '../../version.ts';
import { readTlsFiles } from './tls-files.ts';
import { clipboardCommands } from '../prompt/copy-text.ts';

interface DoctorEnvironment {
  paths: Paths;
  env: Readonly<Record<string, string | undefined>>;
  streams: Streams;
  now: () => number;
}

/** The settings may allow longer waits, but nobody waits that long for a diagnosis. */
const LONGEST_MS = 10_000;
const LIMITS: HttpLimits = { connectMs: LONGEST_MS, firstByteMs: LONGEST_MS, idleMs: LONGEST_MS };

/** See DoctorServices. */
export function createDoctorServices({ paths, env, streams, now }: DoctorEnvironment): DoctorServices {
  return {
    orxVersion: VERSION,
    nodeVersion: process.versions.node,
    platform: process.platform,
    inspectFolders: () => inspectFolders(paths, process.platform),
    proxyVariables: (url) => proxyVariables(url, env),
    isLoopback,
    probe: (url, settings) => probeHost(url, settings && readTlsFiles(settings, env)),
    requestFirst: (settings, signal) => requestFirst(settings, env, now, signal),
    findClipboard: () => findClipboard(env, streams),
  };
}

function probeHost(url: URL, tls: UserCertificates | undefined): ProbedHost {
  let addresses: readonly LookupAddress[] = [];
  let socket: Socket | undefined;
  return {
    async resolve(signal) {
      addresses = await probeAddresses(url, LIMITS, signal);
      return addresses.map(({ address }) => address);
    },
    async connect(signal) {
      socket = await probeTcp(url, addresses, LIMITS, signal);
      return socket.remoteAddress ?? '';
    },
    startTls: (signal) => probeTls(socket!, url, LIMITS, signal, tls),
    close: () => void socket?.destroy(),
  };
}

async function requestFirst(
  settings: ConnectionSettings,
  env: DoctorEnvironment['env'],
  now: () => number,
  signal: AbortSignal,
): Promise<FirstReply> {
  const shorter = (seconds: number): number => Math.min(seconds * 1000, LONGEST_MS);
  const limits = {
    ...LIMITS,
    connectMs: shorter(settings['connect-timeout']),
    firstByteMs: shorter(settings['first-byte-timeout']),
  };
  const http = createHttpClient({ limits, proxy: settings.proxy, tls: readTlsFiles(settings, env), env });
  let sentAt = performance.now();
  try {
    const { status, headers, cancel } = await http.send({
      method: 'GET',
      url: new URL(`${settings['base-url']}/key`),
      headers: { ...headersFor(settings), accept: 'application/json', 'user-agent': `orx/${VERSION}` },
      signal,
      onConnected: () => (sentAt = performance.now()),
    });
    const firstByteMs = performance.now() - sentAt;
    cancel();
    return { status, headers, firstByteMs, at: now() - firstByteMs / 2 };
  } finally {
    await http.close();
  }
}

function findClipboard(env: DoctorEnvironment['env'], { stderr }: Streams): string | undefined {
  const program = clipboardCommands(env, process.platform).find(([name]) => isInPath(name!, env['PATH'] ?? ''));
  if (program !== undefined) return program[0];
  return stderr.isTTY && env['TERM'] !== 'dumb' ? 'the terminal (OSC 52), if it allows that' : undefined;
}

function isInPath(name: string, path: string): boolean {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  return path.split(delimiter).some((folder) =>
    endings.some((ending) => {
      try {
        accessSync(join(folder, name + ending), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    }),
  );
}
