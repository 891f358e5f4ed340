// Certificates for servers that speak TLS.
import { type Certificate, selfSignedCertificate } from "../certificate";
import { serverFile } from "./private-server";

export interface TlsOptions {
  /** Whether it also speaks TLS, with a certificate that nobody has signed. @default false */
  readonly tls?: boolean;
}

export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** The certificate as files of the server, and in PEM for who is to trust it. */
export function tlsFiles(folder: string): { readonly files: TlsFiles; readonly ca: string } {
  const { cert, key }: Certificate = selfSignedCertificate();
  const files = {
    cert: serverFile(folder, "cert.pem", cert),
    key: serverFile(folder, "key.pem", key),
  };
  return { files, ca: cert };
}
