import type { LookupFunction } from "node:net";
import { familyOfAddress } from "../jobs/webhooks/addresses.ts";

/** To the addresses that were checked, whatever the name leads to by now. An address as host is not looked up at all. */
export function pinnedLookup(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: familyOfAddress(address) ?? 0 }));
  return (_host, options, callback) => {
    process.nextTick(() => {
      if (options.all) callback(null, all);
      else callback(null, all[0].address, all[0].family);
    });
  };
}

/** With several addresses to try, the error of a connection has no message of its own. */
export function readableError(error: Error): Error {
  if (!(error instanceof AggregateError) || error.message) return error;
  return new Error(error.errors.map(String).join("; "), { cause: error });
}
