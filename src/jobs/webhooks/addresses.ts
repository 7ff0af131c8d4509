import ipaddr from "ipaddr.js";

/** `public`: anybody's machine on the internet. `refused`: everything else but this machine itself. */
export type AddressKind = "public" | "loopback" | "refused";

/** Global unicast; IPv6 outside it (IPv4-compatible, NAT64, unique local…) leads nowhere that we may call. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Of an IPv4 or IPv6 address in its usual notation, without brackets. Loopback is 127.0.0.0/8 and ::1 only:
 * addresses that wrap another one are refused, whatever they wrap. What is no address is refused.
 */
export function kindOfAddress(text: string): AddressKind {
  const address = parse(text);
  if (!address) return "refused";
  if (address.range() === "loopback") return "loopback";
  if (address.range() !== "unicast") return "refused";
  return address.kind() === "ipv4" || address.match(GLOBAL_IPV6) ? "public" : "refused";
}

/** 4 or 6; null where it is no address. */
export function familyOfAddress(text: string): 4 | 6 | null {
  const address = parse(text);
  if (!address) return null;
  return address.kind() === "ipv4" ? 4 : 6;
}

function parse(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  // Octal, hexadecimal and short notations mean different things to different readers.
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : null;
}
