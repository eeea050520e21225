import ipaddr from "ipaddr.js";

/** Public by its number, and yet a service of the machine's own cloud (Azure's host agent). */
const CLOUD_SERVICES = new Set(["168.63.129.16"]);
/** All that is given out to the public Internet of IPv6. */
const GLOBAL_UNICAST_V6 = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Whether an IP address, in any notation, belongs to the public Internet. Everything else is
 * refused: private, loopback, link-local (where clouds keep their metadata), shared, reserved,
 * multicast, and the kinds of IPv6 address that carry an IPv4 address inside, which may lead to
 * any of these.
 */
export function isPublicAddress(address: string): boolean {
  // A zone (`fe80::1%eth0`) only has a meaning inside.
  if (address.includes("%") || !ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast" || CLOUD_SERVICES.has(parsed.toString())) return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST_V6);
}
