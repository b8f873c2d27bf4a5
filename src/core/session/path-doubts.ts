import { isAbsolute, relative, sep } from 'node:path';

/** Why a file is sent only after a question, even where the user typed its path. */
export type Doubt =
  /** It lies outside the project folder. */
  | 'outside'
  /** It lies in a hidden folder of the home directory, where keys and passwords are stored. */
  | 'hidden'
  /** The path leads through a symbolic link. */
  | 'link'
  /** Files of this name hold keys or passwords. */
  | 'secret';

export interface PathPlace {
  /** The absolute path as it was named, and the one that it leads to. */
  named: string;
  real: string;
  /** Absolute, links followed. */
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
/** What lies below these is private whatever it is called. */
const SECRET_FOLDERS: ReadonlySet<string> = new Set(['.ssh', '.gnupg', '.aws', '.azure', '.kube', '.docker', '.git']);

/** What speaks against sending a file without a question; none: nothing does. */
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
  // A hidden file in the home directory itself is as private as what lies in a hidden folder of it.
  return relative(home, path).startsWith('.');
}

function isSecret(path: string): boolean {
  const parts = path.toLowerCase().split(/[/\\]/);
  const name = parts.pop() ?? '';
  return parts.some((part) => SECRET_FOLDERS.has(part)) || SECRET_NAMES.some((pattern) => pattern.test(name));
}
