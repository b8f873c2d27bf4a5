/** Shown on a terminal in place of the error, where a key is needed and there is none. */
export const NO_KEY_GUIDE = `orx: no API key yet. Three ways on:

  log in with the browser         orx auth login
  paste a key you have            orx auth login --paste
  try it first, without a key     orx --sandbox chat "hello"

A key in OPENROUTER_API_KEY is used as well.
Keys are made at https://openrouter.ai/keys
`;
