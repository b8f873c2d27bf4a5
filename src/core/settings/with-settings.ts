/**
 * Returns the settings with some values replaced. The other values are still read only when needed: copying would parse, and check, all of them.
 */
export function withSettings<S extends object>(settings: S, values: Partial<S>): S {
  const properties = Object.entries(values).map(([key, value]) => [key, { value, enumerable: true }]);
  return Object.create(settings, Object.fromEntries(properties) as PropertyDescriptorMap) as S;
}
