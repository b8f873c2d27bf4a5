import { isAbsolute, relative, sep } from 'node:path';

/** Why orx asks before it sends a file, even if the user typed its path. */
export type Doubt =
  /** The file is outside the project folder. */
  | 'outside'
  /** The file is in a hidden folder of the home directory, where keys and passwords are stored. */
  | 'hidden'
  /** The path contains a symbolic link. */
  | 'link'
  /** Files of this name contain keys or passwords. */
  | 'secret';

export interface PathPlace {
  /** The absolute path as the user gave it, and the path that it resolves to. */
  named: string;
  real: string;
  /** Absolute, with links resolved. */
  project: string;
  homes: readonly string[];
}

const SECRET_NAMES = [
  /^\.env(?!\.(?:example|sample|template|dist)$)(?:\..+)?$|\.env$/,
  /\.(?:pem|key|p12|pfx|p8|jks|keystore|ppk|kdbx?|gpg|tfstate|tfvars|ovpn|mobileprovision)$/,
  /^(?:ssh_host_\w+_key|id_[\w-]+)$/,
  /^[._]?netrc$/,
  /^\.(?:npmrc|yarnrc|pypirc|pgpass|my\.cnf|htpasswd|git-credentials|dockercfg|vault-token|boto|s3cfg|envrc|\w+_history)$/,
  /^(?:credentials?|secrets?|passwords?|kubeconfig|service[-_]?account.*)(?:\.(?:json|ya?ml|toml|ini|txt|xml|csv|properties|enc|db))?$/,
  /^(?:shadow|gshadow|master\.passwd|sam)$/,
];
/** Files below these folders are private, whatever their names. */
const SECRET_FOLDERS: ReadonlySet<string> = new Set(['.ssh', '.gnupg', '.aws', '.azure', '.kube', '.docker', '.git']);

/** Returns the reasons to ask before sending a file; empty if there are none. */
export function pathDoubts({ named, real, project, homes }: PathPlace): readonly Doubt[] {
  const doubts: Doubt[] = [];
  const isIn = (place: string): boolean => isInside(place, project);
  if (!isIn(real) || !isIn(named)) doubts.push('outside');
  if ([named, real].some((path) => homes.some((home) => isHidden(path, home)))) doubts.push('hidden');
  if (named !== real) doubts.push('link');
  if ([named, real].some(isSecret)) doubts.push('secret');
  return doubts;
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function isHidden(path: string, home: string): boolean {
  if (!isInside(path, home)) return false;
  // A hidden file directly in the home directory is as private as one in a hidden folder of it.
  return relative(home, path).startsWith('.');
}

function isSecret(path: string): boolean {
  const parts = path.toLowerCase().split(/[/\\]/);
  const name = parts.pop() ?? '';
  return parts.some((part) => SECRET_FOLDERS.has(part)) || SECRET_NAMES.some((pattern) => pattern.test(name));
}
