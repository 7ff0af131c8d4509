/** Of a member as JSON: what is longer is left out of lists, where a hundred records of it would be megabytes. */
const MOST_BYTES = 2000;

const BULKY = ["hotwords", "replace", "metadata"] as const;

type Bulky = (typeof BULKY)[number];

/** The resource without its large members, which `omitted` names. A read of it alone has them. */
export function toListed<Resource extends Record<Bulky, unknown>>(
  resource: Resource,
): Omit<Resource, Bulky> & Partial<Pick<Resource, Bulky>> & { omitted?: Bulky[] } {
  const omitted = BULKY.filter((name) => Buffer.byteLength(JSON.stringify(resource[name])) > MOST_BYTES);
  if (omitted.length === 0) return resource;
  const kept = Object.entries(resource).filter(([name]) => !omitted.includes(name as Bulky));
  return { ...(Object.fromEntries(kept) as Omit<Resource, Bulky>), omitted };
}
