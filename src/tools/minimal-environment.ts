type Environment = Readonly<Record<string, string | undefined>>;

const ALWAYS = ['PATH', 'HOME', 'LANG', 'TERM'];

/**
 * What a program that a model sets in motion may know of the user's environment: where programs and the home are, the language, the terminal,
 * and the variables that were named. The API key is never among them unless it was named.
 */
export function minimalEnvironment(env: Environment, named: readonly string[] = []): Record<string, string> {
  const names = [...ALWAYS, ...named];
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
