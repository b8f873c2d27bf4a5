// undici's modules have no type declarations of their own. Importing only the pool halves the start-up time of undici.
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici';
  export default Pool;
}

declare module 'undici/lib/dispatcher/client-h1.js' {
  /** `parseOnce` is a patch of the build. */
  const connectH1: { parseOnce?: (reply: string) => void };
  export default connectH1;
}
