import { lookup } from "node:dns/promises";
import { isLocalHost } from "../jobs/public-url.ts";
import { familyOfAddress, kindOfAddress } from "../jobs/webhooks/addresses.ts";

/** All addresses of a name, in the order to be tried. */
export type Resolve = (host: string) => Promise<string[]>;

/** A name that somebody else chose leads to where nobody may be sent. */
export class AddressRefusedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "AddressRefusedError";
  }
}

export async function resolveByDns(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/**
 * Every address of a host, looked up once. One that may not be called spoils them all, since the name's owner chose it.
 * `allowLocal`: this machine, by its own names. Throws AddressRefusedError, and whatever `resolve` throws.
 */
export async function checkedAddresses(
  host: string,
  { allowLocal, resolve }: { allowLocal: boolean; resolve: Resolve },
): Promise<string[]> {
  const addresses = familyOfAddress(host) === null ? await resolve(host) : [host];
  if (addresses.length === 0) throw new Error(`${host} has no address.`);
  const wanted = allowLocal && isLocalHost(host) ? "loopback" : "public";
  // Strangers read this: it does not say which address, lest names be looked up from in here.
  if (addresses.some((address) => kindOfAddress(address) !== wanted))
    throw new AddressRefusedError(`${host} leads to an address that is not ${wanted}.`);
  return addresses;
}
