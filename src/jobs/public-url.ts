import { InvalidRequestError } from "./errors.ts";
import { familyOfAddress, kindOfAddress } from "./webhooks/addresses.ts";

const MOST_CHARACTERS = 2048;
const PRIVATE_SUFFIXES = ["localhost", "local", "internal"];

export interface UrlRules {
  /** The member of the request that it is. */
  field: string;
  /** http and https to `localhost`, 127.0.0.0/8 and ::1 as well. */
  allowLocal: boolean;
  /** What to do instead of putting credentials into it. */
  insteadOfCredentials: string;
}

/**
 * Whether the service may call this URL, as far as the text alone tells; where its name leads is looked at before each
 * call. Throws InvalidRequestError with `field`.
 */
export function checkPublicUrl(text: string, { field, allowLocal, insteadOfCredentials }: UrlRules): void {
  const refused = (what: string) => new InvalidRequestError(`\`${field}\` ${what}`, { field });
  if (text.length > MOST_CHARACTERS) throw refused(`is longer than ${MOST_CHARACTERS} characters.`);
  // WHATWG: 0x7f.1, 2130706433, 127.0.0.1. and full-width digits all come out as 127.0.0.1.
  const url = URL.parse(text);
  if (!url) throw refused("is not a URL.");
  const local = allowLocal && isLocalHost(hostOf(url));
  if (url.protocol !== "https:" && !(local && url.protocol === "http:"))
    throw refused("must begin with https://.");
  if (url.username || url.password) throw refused(`must not hold credentials: ${insteadOfCredentials}.`);
  if (url.hash) throw refused("must not have a fragment: it would not be sent.");
  const fault = local ? null : faultOf(hostOf(url));
  if (fault) throw refused(fault);
}

/** The name or address that it leads to: an address without brackets, a name without the final dot. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
}

/** This machine, by the only names that are taken for it. */
export function isLocalHost(host: string): boolean {
  return host === "localhost" || kindOfAddress(host) === "loopback";
}

function faultOf(host: string): string | null {
  if (familyOfAddress(host) !== null)
    return kindOfAddress(host) === "public"
      ? null
      : `must not lead to ${host}, which is not a public address.`;
  const labels = host.split(".");
  if (labels.includes("")) return "has no valid host name.";
  return labels.length < 2 || PRIVATE_SUFFIXES.includes(labels.at(-1) ?? "")
    ? `must not lead to ${host}, which is not a public name.`
    : null;
}
