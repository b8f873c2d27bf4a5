/** Old names of settings: `orx config` and the settings file still take them. */
export const OLD_SETTING_KEYS: Readonly<Record<string, string>> = { favourites: 'favorites' };
