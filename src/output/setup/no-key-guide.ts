/** Shown on a terminal instead of the error if a required key is missing. */
export const NO_KEY_GUIDE = `error: no API key

Three ways to start:

  log in with the browser         orx auth login
  paste a key you have            orx auth login --paste
  try it first, without a key     orx --sandbox chat "hello"

orx also reads the key from OPENROUTER_API_KEY.
Create a key at https://openrouter.ai/keys
`;
