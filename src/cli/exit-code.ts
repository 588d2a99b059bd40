/** Exit codes of the command line. */
export const exitCode = { done: 0, error: 1, usage: 2, budget: 3, interrupted: 130 } as const;
