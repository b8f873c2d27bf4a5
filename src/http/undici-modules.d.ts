// undici's modules have no type declarations of their own. Importing only the pool halves the start-up time of undici.
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici';
  export default Pool;
}
