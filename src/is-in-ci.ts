/** Ink's own rule (its package is-in-ci): Ink draws no frame until it ends if one of these variables is set to anything but `0` or `false`. */
const VARIABLES = ['CI', 'CONTINUOUS_INTEGRATION'];

/** Returns whether orx runs in continuous integration, where nothing on a screen is drawn twice. */
export function isInCi(env: Readonly<Record<string, string | undefined>>): boolean {
  return VARIABLES.some((name) => env[name] !== undefined && env[name] !== '0' && env[name] !== 'false');
}
