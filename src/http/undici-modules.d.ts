// undici's single parts have no type declarations of their own; importing the pool instead of the whole halves start-up.
declare module 'undici/lib/dispatcher/pool.js' {
  import { Pool } from 'undici';
  export default Pool;
}
