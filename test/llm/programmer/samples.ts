/** Code in several languages for tests of the simulated programmer. */
export const samples = {
  javascript: `/** Index of the wanted item, or -1. */
export function binarySearch(items, wanted) {
  let low = 0; // inclusive
  let high = items.length - 1;
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    if (items[middle] === wanted) return middle;
    if (items[middle] < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
`,
  typescript: `export const slug = (text: string, most = 0x20): string =>
  text.toLowerCase().replace(/[^a-z0-9/]+/g, "-").slice(0, most) /* cut */ || \`n-\${most}\`;
`,
  python: `def clamp(values, low=0.0, high=1.5e3):
    """Keep each value's size in [low, high]."""
    # it isn't hard: 'min' and 'max'
    result = []
    for value in values:
        if value is None or not value > low:
            continue
        result.append(min(value, high) // 2)
    return {"values": result, 'count': len(result)}
`,
  rust: `fn mean<'a>(items: &'a [f64]) -> Option<f64> {
    if items.is_empty() { return None; }
    let mut total = 0.0_f64;
    for i in 0..items.len() { total += items[i]; }
    Some(total / items.len() as f64)
}
`,
  c: `#include <stdio.h>
int gcd(int a, int b) {
  while (b != 0) { int rest = a % b; a = b; b = rest; }
  return a; /* never 0 */
}
`,
} as const;
