import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** The rules of ignore files for the paths below their folders, outermost first. */
export type IgnoreRules = readonly { rules: Ignore; base: string }[];

/** Later files take precedence. */
const IGNORE_FILES = ['.gitignore', '.ignore'];
/** A larger file is not a list of patterns. */
const LARGEST_FILE = 1024 * 1024;

/**
 * Returns the rules for a folder except its own: those of the user, of the repository, and of the folders between it and this
 * one.
 */
export function outerRules(folder: string, project: string): IgnoreRules {
  const config = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
  const files: [path: string, base: string][] = [
    [join(config, 'git', 'ignore'), project],
    [join(project, '.git', 'info', 'exclude'), project],
  ];
  let rules: IgnoreRules = files.flatMap(([path, base]) => readRules(path, base));
  const above: string[] = [];
  for (let current = folder; current !== project && dirname(current) !== current;) {
    current = dirname(current);
    above.unshift(current);
  }
  for (const one of above) rules = withRulesOf(one, rules);
  // A user who works in an ignored folder wants its files.
  return folder !== project && isIgnored(folder, true, rules) ? [] : rules;
}

/** Returns the rules extended by those of the ignore files in a folder. */
export function withRulesOf(folder: string, rules: IgnoreRules): IgnoreRules {
  const own = IGNORE_FILES.flatMap((name) => readRules(join(folder, name), folder));
  return own.length === 0 ? rules : [...rules, ...own];
}

/** Returns whether a path (absolute, in a folder that is not ignored) is ignored. The innermost matching rule decides. */
export function isIgnored(path: string, isFolder: boolean, all: IgnoreRules): boolean {
  for (let index = all.length - 1; index >= 0; index -= 1) {
    const { rules, base } = all[index]!;
    const name = relative(base, path).split(sep).join('/');
    if (!ignore.isPathValid(name)) continue;
    const { ignored, unignored } = rules.test(isFolder ? `${name}/` : name);
    if (ignored) return true;
    if (unignored) return false;
  }
  return false;
}

function readRules(path: string, base: string): IgnoreRules {
  try {
    const text = readFileSync(path, 'utf8');
    return text.length > LARGEST_FILE ? [] : [{ rules: ignore().add(text.replace(/^\ufeff/, '')), base }];
  } catch {
    return [];
  }
}
