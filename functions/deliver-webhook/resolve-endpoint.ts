import { lookup } from "node:dns/promises";
import { familyOfAddress, kindOfAddress } from "../../src/jobs/webhooks/addresses.ts";
import { WebhookRefusedError } from "../../src/jobs/webhooks/post.ts";
import { checkWebhookUrl, hostOf, isLocalHost } from "../../src/jobs/webhooks/url.ts";

/** All addresses of a name, in the order to be tried. */
export type Resolve = (host: string) => Promise<string[]>;

export interface Endpoint {
  url: URL;
  /** Never empty; each may be called. */
  addresses: string[];
}

export async function resolveByDns(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/**
 * Where an event for this URL may go: every address of its host, looked up once. One that may not be called spoils
 * them all, since the name's owner chose it. Throws WebhookRefusedError, and whatever `resolve` throws.
 */
export async function resolveEndpoint(
  text: string,
  { allowLocal, resolve }: { allowLocal: boolean; resolve: Resolve },
): Promise<Endpoint> {
  try {
    checkWebhookUrl(text, { allowLocal });
  } catch (error) {
    throw new WebhookRefusedError((error as Error).message, { cause: error });
  }
  const url = new URL(text);
  const host = hostOf(url);
  const addresses = familyOfAddress(host) === null ? await resolve(host) : [host];
  if (addresses.length === 0) throw new Error(`${host} has no address.`);
  // Plain http gets here for this machine's own names only.
  const wanted = allowLocal && isLocalHost(host) ? "loopback" : "public";
  // The owner reads this: it does not say which address, lest names be looked up from in here.
  if (addresses.some((address) => kindOfAddress(address) !== wanted))
    throw new WebhookRefusedError(`${host} leads to an address that is not ${wanted}.`);
  return { url, addresses };
}
