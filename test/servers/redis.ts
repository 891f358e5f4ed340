import { closedPort } from "../servers";
import { type PrivateServer, serverFile, serverFolder, startPrivateServer } from "./private-server";
import { type TlsOptions, tlsFiles } from "./tls";

export interface Redis extends PrivateServer {
  /** An account of its own that may do everything, beside the one without a name. */
  readonly admin: { readonly user: "admin"; readonly password: string };
  /** With TLS, on a port of its own: that port, and the certificate to trust, in PEM. */
  readonly tls?: { readonly port: number; readonly ca: string };
}

export interface RedisOptions extends TlsOptions {
  /** What `requirepass` is at each start: what is set later is not kept. */
  readonly password: string;
}

/** A Redis with nothing in it. */
export async function startRedis({ password, tls = false }: RedisOptions): Promise<Redis> {
  const folder = serverFolder();
  const admin = { user: "admin", password: "Root-of-tests-1" } as const;
  const certificate = tls ? { port: await closedPort(), ...tlsFiles(folder) } : undefined;
  const server = await startPrivateServer(folder, {
    file: "redis-server",
    args: (port) => [
      // In a file: what stands on a command line is seen by everybody.
      serverFile(
        folder,
        "redis.conf",
        [
          "bind 127.0.0.1",
          `port ${port}`,
          `dir ${folder}`,
          'save ""',
          `requirepass ${JSON.stringify(password)}`,
          `user ${admin.user} on >${admin.password} ~* &* +@all`,
          ...(certificate === undefined
            ? []
            : [
                `tls-port ${certificate.port}`,
                `tls-cert-file ${certificate.files.cert}`,
                `tls-key-file ${certificate.files.key}`,
                "tls-auth-clients no",
              ]),
          "",
        ].join("\n"),
      ),
    ],
    ready: /Ready to accept connections/,
  });
  const { port, ca } = certificate ?? {};
  return { ...server, admin, ...(port && ca && { tls: { port, ca } }) };
}
