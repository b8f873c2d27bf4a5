/** Shown by `orx` without arguments on a terminal if there is no key. */
export const WELCOME = `Welcome to orx. Three ways to start:

  Log in with OpenRouter, for all models     orx auth login
  Use your API key of one vendor             orx vendors add anthropic
  Try it with simulated answers              orx --sandbox

All commands: orx --help
`;
