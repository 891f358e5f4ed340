import { join } from "node:path";
import {
  type PrivateServer,
  runOnce,
  serverFile,
  serverFolder,
  startPrivateServer,
} from "./private-server";
import { type TlsOptions, tlsFiles } from "./tls";

export interface Mariadb extends PrivateServer {
  readonly socketPath: string;
  /** May do everything, over TCP and over the socket. */
  readonly admin: { readonly user: "root"; readonly password: string };
  /** With TLS, on the same port: the certificate to trust, in PEM. */
  readonly ca?: string;
}

const quick = [
  "--innodb-flush-method=nosync",
  "--innodb-flush-log-at-trx-commit=0",
  "--innodb-log-file-size=4M",
  "--innodb-buffer-pool-size=16M",
  "--aria-pagecache-buffer-size=8M",
  "--skip-log-bin",
];

/** A MariaDB with nothing in it. */
export async function startMariadb({ tls = false }: TlsOptions = {}): Promise<Mariadb> {
  const folder = serverFolder();
  const data = join(folder, "data");
  const socketPath = join(folder, "mariadb.sock");
  const admin = { user: "root", password: "Root-of-tests-1" } as const;
  const certificate = tls ? tlsFiles(folder) : undefined;
  // Statements of an init file stand on one line each.
  const initFile = serverFile(
    folder,
    "init.sql",
    `ALTER USER root@localhost IDENTIFIED BY '${admin.password}';
CREATE OR REPLACE USER root@'127.0.0.1' IDENTIFIED BY '${admin.password}';
GRANT ALL PRIVILEGES ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;
`,
  );
  await runOnce(
    "mariadb-install-db",
    [
      "--no-defaults",
      `--datadir=${data}`,
      `--tmpdir=${folder}`, // in a shared one each start deletes the others' tables
      "--auth-root-authentication-method=normal",
      "--skip-test-db",
      ...quick,
    ],
    folder,
  );
  const server = await startPrivateServer(folder, {
    file: "mariadbd",
    args: (port) => [
      "--no-defaults",
      `--datadir=${data}`,
      `--tmpdir=${folder}`,
      "--bind-address=127.0.0.1",
      `--port=${port}`,
      `--socket=${socketPath}`,
      `--pid-file=${join(folder, "pid")}`,
      `--init-file=${initFile}`,
      "--skip-name-resolve",
      ...quick,
      ...(certificate === undefined
        ? []
        : [`--ssl-cert=${certificate.files.cert}`, `--ssl-key=${certificate.files.key}`]),
    ],
    ready: /ready for connections/,
  });
  return { ...server, socketPath, admin, ...(certificate && { ca: certificate.ca }) };
}
