// The values of a form's fields, and whether they differ.

/** Whether two values of fields are the same. */
export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Whether a file that could be read holds nothing now, or cannot be read. */
export function isLess(state, before) {
  return Boolean(state && before?.values) && (!state.values || (clean(state.values) === "" && clean(before.values) !== ""));
}

/** A value without what is empty in it. */
export function clean(value) {
  if (typeof value === "string") return value.trim();
  if (Array.isArray(value)) return value.map(clean);
  if (!value) return "";
  const filled = Object.entries(value).map(([name, inner]) => [name, clean(inner)]).filter(([, inner]) => inner && !(Array.isArray(inner) && !inner.length));
  return filled.length ? Object.fromEntries(filled.sort()) : "";
}
