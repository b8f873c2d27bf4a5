import manifest from '../package.json' with { type: 'json' };

/** orx's version, from package.json; the build inlines it. */
export const VERSION: string = manifest.version;
