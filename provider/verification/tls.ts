import { readFileSync } from "node:fs";
import { checkServerIdentity } from "node:tls";
import type { PeerCertificate } from "node:tls";
import { isLoopbackHost } from "../loopback";
import { addressOf } from "./verification";
import type { Verify } from "./verification";

export interface Tls {
  /** A path: the certificates to trust, in place of those that Node trusts. */
  readonly caFile?: string;
  /** The name in the certificate, where it is not `host`. */
  readonly serverName?: string;
}

/**
 * The certificate is always checked. Without `tls` the connection is encrypted, except to this
 * machine itself.
 *
 * @returns `undefined`: no TLS.
 */
export function tlsOf(verify: Verify): Tls | undefined {
  const { tls } = verify;
  if (tls === false || (tls === undefined && isLoopbackHost(addressOf(verify)))) return undefined;
  return typeof tls === "object" ? tls : {};
}

/** Of Node's `tls.connect`, whatever host that is called with. */
export interface CertificateCheck {
  readonly ca?: string;
  readonly checkServerIdentity?: (host: string, certificate: PeerCertificate) => Error | undefined;
}

export function certificateCheck({ caFile, serverName }: Tls): CertificateCheck {
  return {
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile, "utf8") }),
    ...(serverName === undefined
      ? {}
      : {
          checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
        }),
  };
}
