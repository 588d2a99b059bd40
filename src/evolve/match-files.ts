/** Finding the files of a directory that patterns name. */
import { UsageError } from "../core/index.ts";
import { listFiles } from "./folder.ts";

/**
 * The files that the patterns name, in the patterns' order, each once. `*` stands for any characters of a name,
 * `?` for one, `**` for any folders. Throws a UsageError for a pattern that names nothing or leaves the folder.
 */
export function matchFiles(root: string, patterns: readonly string[], where: string): string[] {
  const files = listFiles(root);
  const found = patterns.flatMap((pattern) => {
    const inside = pattern.replace(/^\.\//, "");
    const expression = toExpression(inside);
    const matching = files.filter((file) => expression.test(file));
    if (matching.length > 0) return matching;
    throw new UsageError(`${where}: files: '${pattern}' names no file in '${root}'`);
  });
  if (found.length === 0) throw new UsageError(`${where}: files is empty; name at least one file`);
  return [...new Set(found)];
}

function toExpression(pattern: string): RegExp {
  const source = pattern.replace(/\*\*\/|\*\*|[*?]|[^*?]+/g, (part) => {
    if (part === "**/") return "(?:[^/]+/)*";
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    if (part === "?") return "[^/]";
    return part.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
  });
  return new RegExp(`^${source}$`);
}
