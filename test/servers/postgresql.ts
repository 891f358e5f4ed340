import { join } from "node:path";
import {
  type PrivateServer,
  runOnce,
  serverFile,
  serverFolder,
  startPrivateServer,
} from "./private-server";
import { type TlsOptions, tlsFiles } from "./tls";

export interface Postgresql extends PrivateServer {
  /** May do everything. */
  readonly admin: { readonly user: "postgres"; readonly password: string };
  /** With TLS, on the same port: the certificate to trust, in PEM. */
  readonly ca?: string;
}

/** A PostgreSQL with nothing in it but the database `postgres`. Logins are by SCRAM-SHA-256 alone. */
export async function startPostgresql({ tls = false }: TlsOptions = {}): Promise<Postgresql> {
  const folder = serverFolder();
  const data = join(folder, "data");
  const admin = { user: "postgres", password: "Root-of-tests-1" } as const;
  const certificate = tls ? tlsFiles(folder) : undefined;
  const passwordFile = serverFile(folder, "password", admin.password);
  await runOnce(
    "initdb",
    [
      `--pgdata=${data}`,
      `--username=${admin.user}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--no-locale",
      "--no-sync",
    ],
    folder,
  );
  const settings = (port: number): Record<string, string> => ({
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: folder,
    password_encryption: "scram-sha-256",
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
    shared_buffers: "16MB",
    ...(certificate === undefined
      ? {}
      : { ssl: "on", ssl_cert_file: certificate.files.cert, ssl_key_file: certificate.files.key }),
  });
  const server = await startPrivateServer(folder, {
    file: "postgres",
    args: (port) => [
      "-D",
      data,
      ...Object.entries(settings(port)).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    ready: /ready to accept connections/,
    stopSignal: "SIGINT", // "fast": waits for no client
  });
  return { ...server, admin, ...(certificate && { ca: certificate.ca }) };
}
