/** What a plugin was made with, as plain data to keep with the results. */
export type Parameters = Readonly<Record<string, string | number | boolean>>;

/** Keeps the parameters that have a value. */
export function parametersOf(
  options: Readonly<Record<string, string | number | boolean | undefined>>,
): Parameters {
  const given = Object.entries(options).filter(
    (entry): entry is [string, string | number | boolean] => entry[1] !== undefined,
  );
  return Object.fromEntries(given);
}
