/** Whether `npm run test:long` runs, which tries everything that `npm test` tries a part of. */
export const IS_LONG = process.env['ORX_LONG_TESTS'] !== undefined;
