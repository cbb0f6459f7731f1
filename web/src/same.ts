// Whether two JSON values say the same: the order of members does not matter, and one that is null or missing is not there.

const there = (value: unknown): boolean => value !== null && value !== undefined;

export function equal(a: unknown, b: unknown): boolean {
  if (!there(a) || !there(b)) return there(a) === there(b);
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const x = a as Record<string, unknown>;
  const y = b as Record<string, unknown>;
  return [...new Set([...Object.keys(x), ...Object.keys(y)])].every((key) => equal(x[key], y[key]));
}
