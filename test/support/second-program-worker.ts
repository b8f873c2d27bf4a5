import { main } from '../../src/cli/main.ts';

// The unmodified program, except that the composition root opens another API: second-api.ts.
process.exitCode = await main();
