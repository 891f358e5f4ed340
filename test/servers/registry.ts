import { hash } from "bcryptjs";
import { join } from "node:path";
import { type PrivateServer, serverFile, serverFolder, startPrivateServer } from "./private-server";
import { type TlsOptions, tlsFiles } from "./tls";

export interface Registry extends PrivateServer {
  readonly url: string;
  /** Who may log in; read again whenever it has changed. */
  readonly htpasswdFile: string;
  /** With TLS, and then with nothing else: the certificate to trust, in PEM. */
  readonly ca?: string;
}

export interface RegistryOptions extends TlsOptions {
  /** Password of each account, by its name, such as `tcr$robot`. */
  readonly accounts: Readonly<Record<string, string>>;
}

/** A Docker registry with no image in it, which asks for name and password (Basic). */
export async function startRegistry({ accounts, tls = false }: RegistryOptions): Promise<Registry> {
  const folder = serverFolder();
  const certificate = tls ? tlsFiles(folder) : undefined;
  const lines = Object.entries(accounts).map(
    async ([name, password]) => `${name}:${await hash(password, 4)}\n`,
  );
  const htpasswdFile = serverFile(folder, "htpasswd", (await Promise.all(lines)).join(""));
  const server = await startPrivateServer(folder, {
    file: "docker-registry",
    args: (port) => {
      const configuration = {
        version: "0.1",
        log: { accesslog: { disabled: true } },
        storage: { filesystem: { rootdirectory: join(folder, "data") } },
        auth: { htpasswd: { realm: "tests", path: htpasswdFile } },
        http: {
          addr: `127.0.0.1:${port}`,
          secret: "of-tests",
          ...(certificate && {
            tls: { certificate: certificate.files.cert, key: certificate.files.key },
          }),
        },
      };
      // JSON is YAML.
      return ["serve", serverFile(folder, "configuration.yml", JSON.stringify(configuration))];
    },
    ready: /listening on/,
  });
  const url = `${tls ? "https" : "http"}://127.0.0.1:${server.port}`;
  return { ...server, url, htpasswdFile, ...(certificate && { ca: certificate.ca }) };
}
