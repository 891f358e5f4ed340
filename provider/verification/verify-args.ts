/** `verify` as programs write it. */
import type * as pulumi from "@pulumi/pulumi";

/** How a login proves that the password is the live one. */
export interface VerifyArgs {
  /**
   * Whether `pulumi refresh` logs in too, once. A password that was let in before and is refused
   * then was changed outside: the next `pulumi up` sets the declared one again. Of a ServiceComb
   * account a wrong one is the only try for 16 minutes, and the preview of a refresh takes it: run
   * `pulumi refresh --skip-preview`.
   *
   * @default false
   */
  onRefresh?: pulumi.Input<boolean> | undefined;
  /**
   * For how many whole seconds, 1 to 600, a refused login after a change is repeated, twice, before
   * it counts: a replica learns of a new password later. One attempt takes at most 10.
   *
   * @default 30
   */
  timeoutSeconds?: pulumi.Input<number> | undefined;
}

/** A server to log in at, which this machine must reach. */
export interface VerifyServerArgs extends VerifyArgs {
  /** Host name or IP address. In a rehearsal with the emulator only this machine is asked. */
  host: pulumi.Input<string>;
  /**
   * Whether the connection is encrypted; its certificate is always checked then. With `false`
   * nobody knows who the server is: Redis and registries are sent the password in clear, MariaDB
   * and PostgreSQL a proof of it.
   *
   * @default true, but for a `host` that is this machine
   */
  tls?: pulumi.Input<boolean | VerifyTlsArgs> | undefined;
}

export interface VerifyTlsArgs {
  /**
   * Path of a PEM file with the certificates to trust, from the program's folder.
   *
   * @default Those that Node.js trusts
   */
  caFile?: pulumi.Input<string> | undefined;
  /** The name in the server's certificate. @default `host` */
  serverName?: pulumi.Input<string> | undefined;
}

export interface MariadbVerifyArgs extends VerifyServerArgs {
  /** @default 3306 */
  port?: pulumi.Input<number> | undefined;
  /** Being let in, but not into this database, is enough. @default none */
  database?: pulumi.Input<string> | undefined;
}

export interface PostgresqlVerifyArgs extends VerifyServerArgs {
  /** @default 5432 */
  port?: pulumi.Input<number> | undefined;
  /** Being let in, but not into this database, is enough. @default "postgres" */
  database?: pulumi.Input<string> | undefined;
}

export interface RedisVerifyArgs extends VerifyServerArgs {
  /** @default 6379 */
  port?: pulumi.Input<number> | undefined;
  /** The first word of `AUTH`, where the server has users. @default none: the default user */
  userName?: pulumi.Input<string> | undefined;
  /**
   * What stands before the password in `AUTH`, such as `"crs-5a4p1234:"` for servers that want
   * `instance:password`.
   *
   * @default none
   */
  passwordPrefix?: pulumi.Input<string> | undefined;
}

export interface TcrVerifyArgs extends VerifyServerArgs {
  /** The registry's own domain, such as `"team.tencentcloudcr.com"`. */
  host: pulumi.Input<string>;
  /** @default 443 */
  port?: pulumi.Input<number> | undefined;
}
