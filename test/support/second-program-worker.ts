// The unmodified program, except that the composition root opens another API: second-api.ts.
export { main } from '../../src/cli/main.ts';
