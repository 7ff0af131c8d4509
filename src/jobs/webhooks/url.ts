import { InvalidRequestError } from "../errors.ts";
import { familyOfAddress, kindOfAddress } from "./addresses.ts";

const MOST_CHARACTERS = 2048;
const PRIVATE_SUFFIXES = ["localhost", "local", "internal"];

/**
 * Whether events may be sent to this URL, as far as the text alone tells; where its name leads is looked at before
 * each call. Throws InvalidRequestError with `field`. `allowLocal`: http and https to `localhost`, 127.0.0.0/8 and
 * ::1 as well.
 */
export function checkWebhookUrl(text: string, { allowLocal }: { allowLocal: boolean }): void {
  if (text.length > MOST_CHARACTERS) throw refused(`is longer than ${MOST_CHARACTERS} characters.`);
  // WHATWG: 0x7f.1, 2130706433, 127.0.0.1. and full-width digits all come out as 127.0.0.1.
  const url = URL.parse(text);
  if (!url) throw refused("is not a URL.");
  const local = allowLocal && isLocalHost(hostOf(url));
  if (url.protocol !== "https:" && !(local && url.protocol === "http:"))
    throw refused("must begin with https://.");
  if (url.username || url.password) throw refused("must not hold credentials: verify the signature instead.");
  if (url.hash) throw refused("must not have a fragment: it would not be sent.");
  if (!local) checkHost(hostOf(url));
}

/** The name or address that it leads to: an address without brackets, a name without the final dot. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
}

/** This machine, by the only names that are taken for it. */
export function isLocalHost(host: string): boolean {
  return host === "localhost" || kindOfAddress(host) === "loopback";
}

function checkHost(host: string): void {
  if (familyOfAddress(host) !== null) {
    if (kindOfAddress(host) !== "public")
      throw refused(`must not lead to ${host}, which is not a public address.`);
    return;
  }
  const labels = host.split(".");
  if (labels.includes("")) throw refused("has no valid host name.");
  if (labels.length < 2 || PRIVATE_SUFFIXES.includes(labels.at(-1) ?? ""))
    throw refused(`must not lead to ${host}, which is not a public name.`);
}

function refused(what: string): InvalidRequestError {
  return new InvalidRequestError(`\`webhook.url\` ${what}`, { field: "webhook.url" });
}
