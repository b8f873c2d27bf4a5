import manifest from '../package.json' with { type: 'json' };

/** orx's own version, from package.json: one place, inlined by the build. */
export const VERSION: string = manifest.version;
