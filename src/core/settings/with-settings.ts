/** The settings with other values for some. The rest is read when it is needed, as before: copying would read, and check, all of it. */
export function withSettings<S extends object>(settings: S, values: Partial<S>): S {
  const properties = Object.entries(values).map(([key, value]) => [key, { value, enumerable: true }]);
  return Object.create(settings, Object.fromEntries(properties) as PropertyDescriptorMap) as S;
}
