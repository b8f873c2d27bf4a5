/** The exit code when expectations failed. It is not an error of orx, so it has no `kind`. */
export const EXPECTATIONS_FAILED = 10;
