/** Addresses in their usual notation that no webhook may reach, of every special range. */
export const HOSTILE_ADDRESSES: readonly string[] = [
  "0.0.0.0", // this network
  "0.1.2.3",
  "10.0.0.1", // private
  "10.255.255.255",
  "172.16.0.1",
  "172.31.255.255",
  "192.168.0.1",
  "100.64.0.1", // carrier-grade NAT
  "100.127.255.255",
  "100.100.100.200", // a cloud's metadata
  "169.254.169.254", // AWS's metadata
  "169.254.170.2", // credentials of ECS tasks
  "192.0.0.1", // protocol assignments
  "192.0.0.192",
  "192.0.2.1", // documentation
  "198.51.100.1",
  "203.0.113.1",
  "192.88.99.1", // 6to4 relays
  "198.18.0.1", // benchmarking
  "198.19.255.255",
  "224.0.0.1", // multicast
  "239.255.255.255",
  "240.0.0.1", // reserved
  "255.255.255.255", // broadcast
  "::", // unspecified
  "::127.0.0.1", // IPv4-compatible
  "::10.0.0.1",
  "::ffff:127.0.0.1", // IPv4-mapped
  "::ffff:10.0.0.1",
  "::ffff:8.8.8.8",
  "::ffff:0:127.0.0.1", // IPv4-translated
  "64:ff9b::127.0.0.1", // NAT64
  "64:ff9b::a9fe:a9fe",
  "64:ff9b:1::1",
  "100::1", // discard
  "2001::1", // Teredo
  "2001:2::1", // benchmarking
  "2001:20::1", // ORCHID
  "2001:db8::1", // documentation
  "3fff::1",
  "2002:7f00:1::1", // 6to4 of 127.0.0.1
  "2002:a9fe:a9fe::1",
  "4000::1", // not assigned
  "5f00::1", // segment routing
  "fc00::1", // unique local
  "fd00:ec2::254", // AWS's metadata
  "fe80::1", // link-local
  "fec0::1", // site-local
  "ff02::1", // multicast
];

/** This machine, as it may be called on a laptop. */
export const LOCAL_HOSTS: readonly string[] = [
  "localhost",
  "LocalHost",
  "localhost.",
  "127.0.0.1",
  "127.0.0.53",
  "127.255.255.255",
  "[::1]",
  "[0:0:0:0:0:0:0:1]",
  "127.1",
  "127.0.1",
  "0x7f.1",
  "0x7f000001",
  "2130706433",
  "017700000001",
  "0177.0.0.1",
  "0177.0x0.0.1",
  "127.0.0.1.",
  "%31%32%37.0.0.1",
  "①②⑦.⓪.⓪.①",
  "１２７.0.0.1",
  "127。0。0。1",
];

const NOTATIONS: readonly string[] = [
  "0", // 0.0.0.0
  "0x0",
  "10.1", // 10.0.0.1
  "167772161",
  "0xa.0.0.1",
  "012.0.0.1",
  "3232235777", // 192.168.1.1
  "0xC0A80101",
  "192.168.257",
  "2852039166", // 169.254.169.254
  "0xa9fea9fe",
  "0251.0376.0251.0376",
  "169.254.43518",
  "169。254。169。254",
  "[::ffff:7f00:1]",
  "[::ffff:a9fe:a9fe]",
  "[0:0:0:0:0:ffff:127.0.0.1]",
  "[FD00:EC2::254]",
];

const NAMES: readonly string[] = [
  "a.localhost",
  "a.b.LOCALHOST",
  "localhost..",
  "printer.local",
  "metadata.google.internal",
  "ip-10-0-0-1.ec2.internal",
  "metadata.google.internal.",
  "local",
  "internal",
];

const bracketed = (address: string) => (address.includes(":") ? `[${address}]` : address);

/** As they may stand in a URL. */
export const HOSTILE_HOSTS: readonly string[] = [...HOSTILE_ADDRESSES.map(bracketed), ...NOTATIONS, ...NAMES];
