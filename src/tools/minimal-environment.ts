type Environment = Readonly<Record<string, string | undefined>>;

const ALWAYS = ['PATH', 'HOME', 'LANG', 'TERM'];

/**
 * Returns the environment for a program that a model starts: the variables for program paths, home folder, language and terminal,
 * and the named ones. The API key is included only when it is named.
 */
export function minimalEnvironment(env: Environment, named: readonly string[]): Record<string, string> {
  const names = [...ALWAYS, ...named];
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
