import { clientIp } from "../../../emulator/huaweicloud/client-ip";

test.each([
  [{}, "127.0.0.1"],
  [{ "x-forwarded-for": "8.8.8.8" }, "8.8.8.8"],
  [{ "x-forwarded-for": "10.1.2.3, 192.168.0.1, 8.8.4.4, 8.8.8.8" }, "8.8.4.4"],
  [{ "x-forwarded-for": "172.31.0.1", "x-real-ip": "9.9.9.9" }, "9.9.9.9"],
  [{ "x-forwarded-for": "unknown, 169.254.1.1, 100.64.0.1" }, "127.0.0.1"],
  [{ "x-real-ip": "::1" }, "127.0.0.1"],
  [{ "x-real-ip": "fd00::1" }, "127.0.0.1"],
  [{ "x-real-ip": "2001:4860:4860::8888" }, "2001:4860:4860::8888"],
])("clientIp() of %p is %s", (headers, ip) => {
  const request = { method: "GET", path: "/", query: "", body: Buffer.alloc(0), headers };
  expect(clientIp({ ...request, peer: "127.0.0.1" })).toBe(ip);
});
