import { main } from '../../src/cli/main.ts';

// The program as it is; only the API that the composition root opens is another one: second-api.ts.
process.exitCode = await main();
