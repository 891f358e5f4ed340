import { BlockList, isIP } from "node:net";
import type { HttpRequest } from "../call";

/** Addresses that no client on the internet has. */
const notGlobal = new BlockList();
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["224.0.0.0", 3],
] as const)
  notGlobal.addSubnet(net, prefix, "ipv4");
for (const [net, prefix] of [
  ["::", 127],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const)
  notGlobal.addSubnet(net, prefix, "ipv6");

/**
 * The address that an engine counts wrong passwords for: the first globally routable one that a
 * proxy names, else the peer (apache/servicecomb-service-center, pkg/util/net.go).
 */
export function clientIp(request: HttpRequest): string {
  const forwarded = (request.headers["x-forwarded-for"] ?? "").split(",");
  const named = [...forwarded, request.headers["x-real-ip"] ?? ""].map((ip) => ip.trim());
  return named.find(isGlobal) ?? request.peer;
}

function isGlobal(ip: string): boolean {
  const family = isIP(ip);
  return family !== 0 && !notGlobal.check(ip, family === 6 ? "ipv6" : "ipv4");
}
