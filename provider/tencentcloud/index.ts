export { MariadbAccountPassword } from "./mariadb";
export type { MariadbAccountPasswordArgs } from "./mariadb";
export { PostgresqlAccountPassword } from "./postgresql";
export type { PostgresqlAccountPasswordArgs } from "./postgresql";
export { RedisInstancePassword } from "./redis";
export type { RedisInstancePasswordArgs } from "./redis";
export { TcrServiceAccountPassword } from "./tcr";
export type { TcrServiceAccountPasswordArgs } from "./tcr";
