import type { Service } from "./actions";
import type { FieldType } from "./fields";

/** Which accounts a Service Center lets an administrator change. See `huaweicloud/servicecomb.ts`. */
export type ServicecombGeneration = "v2" | "2025-06";

/** The accounts file: every account that the emulator knows, with its live password. */
export interface AccountsFile {
  tencentcloud?: {
    tcr?: AccountRecord[];
    mariadb?: AccountRecord[];
    postgresql?: AccountRecord[];
    redis?: AccountRecord[];
  };
  huaweicloud?: {
    /** @default "v2" */
    servicecombGeneration?: ServicecombGeneration;
    servicecomb?: AccountRecord[];
  };
}

/** One account. Only its identity and its password are required; which is which says `kinds`. */
export interface AccountRecord {
  /** TCR instance. */
  registryId?: string;
  /** Instance of MariaDB, PostgreSQL or Redis. */
  instanceId?: string;
  /** ServiceComb engine. */
  engineId?: string;
  /** Name of a TCR service account, with or without `tcr$`, or of a ServiceComb account. */
  accountName?: string;
  /** Name of a MariaDB or PostgreSQL account. */
  userName?: string;
  /** MariaDB: from where the account may log in. `x@%` and `x@10.%` are two accounts. */
  host?: string;
  /** The only region in which the account's instance is visible. @default every region */
  region?: string;
  /** ServiceComb: the only project in which the engine is visible. @default every project */
  projectId?: string;

  /** The live password. It may break the vendor's rule, as vendor-made ones do. */
  password: string;
  /** When a password was last set by a call. PostgreSQL and Redis. @default never */
  passwordModifiedTime?: string;
  /** ISO time. @default "2024-01-01T00:00:00.000Z" */
  createTime?: string;
  /** When the account was last changed. ISO time. @default `createTime` */
  modifiedTime?: string;
  /** TCR and MariaDB: what the vendor's console shows. @default none */
  description?: string;

  /**
   * Status of the account in the vendor's words. PostgreSQL: 1 creating, 2 normal, 3 modifying, 4
   * password resetting, 5 locked, -1 deleting. Redis: 1 changing, 2 valid, 4 deleted. ServiceComb:
   * `"active"` or `"inactive"` (which a Service Center does not look at).
   *
   * @default 2, `"active"`
   */
  status?: number | string;
  /** TCR: the account's passwords are changed, but none logs in. @default false */
  disabled?: boolean;
  /** TCR: the same from that moment on, in milliseconds since the epoch. @default never */
  expiresAt?: number;
  /** PostgreSQL: the account uses CAM and refuses a password for good. @default false */
  cam?: boolean;
  /** Redis: the instance takes no password. @default false */
  noAuth?: boolean;
  /** ServiceComb. @default ["developer"] */
  roles?: string[];
  /** The account is gone, its instance is not: listings lack it. @default false */
  deleted?: boolean;

  /**
   * Status of the account's instance in the vendor's words. TCR: `"Running"`, `"Isolate"`, …
   * MariaDB and Redis: numbers, 2 is running. PostgreSQL: `"running"`, `"isolated"`, `"job
   * running"`, …
   *
   * @default running
   */
  instanceStatus?: number | string;
  /** The account's instance is gone. @default false */
  instanceDeleted?: boolean;

  /** Actions that the credential may not call on the account's instance. @default [] */
  deny?: string[];
  /** Redis: how long a task that sets the password runs, in milliseconds. @default 150 */
  taskMs?: number;
  /** PostgreSQL: how long the account has status 4 after a reset, in milliseconds. @default 150 */
  resetMs?: number;
}

export type AccountField = keyof AccountRecord;

/** One kind of account: where the file lists it, what names it, what else may be said of it. */
export interface AccountKind {
  readonly vendor: keyof AccountsFile;
  readonly list: "tcr" | "mariadb" | "postgresql" | "redis" | "servicecomb";
  /** Type of the resource, as `/emulator/login` takes it. */
  readonly type: string;
  readonly service: Service;
  /** The field that names the instance. */
  readonly instance: AccountField;
  /** The fields that name the account, in the order of the resource's arguments. */
  readonly identity: readonly AccountField[];
  /** The fields that say where the instance is; left out, it is everywhere. */
  readonly place: readonly AccountField[];
  readonly fields: Readonly<Partial<Record<AccountField, FieldType>>>;
}

const everyAccount = {
  password: "text",
  createTime: "time",
  modifiedTime: "time",
  deleted: "boolean",
  instanceDeleted: "boolean",
  deny: "texts",
} as const;

export const kinds = {
  tcr: {
    vendor: "tencentcloud",
    list: "tcr",
    type: "tencentcloud:TcrServiceAccountPassword",
    service: "tcr",
    instance: "registryId",
    identity: ["registryId", "accountName"],
    place: ["region"],
    fields: {
      ...everyAccount,
      description: "text",
      disabled: "boolean",
      expiresAt: "integer",
      instanceStatus: "text",
    },
  },
  mariadb: {
    vendor: "tencentcloud",
    list: "mariadb",
    type: "tencentcloud:MariadbAccountPassword",
    service: "mariadb",
    instance: "instanceId",
    identity: ["instanceId", "userName", "host"],
    place: ["region"],
    fields: { ...everyAccount, description: "text", instanceStatus: "integer" },
  },
  postgresql: {
    vendor: "tencentcloud",
    list: "postgresql",
    type: "tencentcloud:PostgresqlAccountPassword",
    service: "postgres",
    instance: "instanceId",
    identity: ["instanceId", "userName"],
    place: ["region"],
    fields: {
      ...everyAccount,
      status: "integer",
      cam: "boolean",
      instanceStatus: "text",
      passwordModifiedTime: "time",
      resetMs: "duration",
    },
  },
  redis: {
    vendor: "tencentcloud",
    list: "redis",
    type: "tencentcloud:RedisInstancePassword",
    service: "redis",
    instance: "instanceId",
    identity: ["instanceId"],
    place: ["region"],
    fields: {
      ...everyAccount,
      status: "integer",
      noAuth: "boolean",
      instanceStatus: "integer",
      passwordModifiedTime: "time",
      taskMs: "duration",
    },
  },
  servicecomb: {
    vendor: "huaweicloud",
    list: "servicecomb",
    type: "huaweicloud:ServicecombAccountPassword",
    service: "cse",
    instance: "engineId",
    identity: ["engineId", "accountName"],
    place: ["region", "projectId"],
    fields: { ...everyAccount, status: "text", roles: "texts" },
  },
} as const satisfies Record<string, AccountKind>;

export const accountKinds: readonly AccountKind[] = Object.values(kinds);

/** The arguments that name an account, as the resource classes call them. */
export type Identity = Readonly<Partial<Record<AccountField, string>>>;

/** A TCR service account is the same with and without the prefix that listings put before it. */
export function bareName(name: string): string {
  return name.startsWith("tcr$") ? name.slice("tcr$".length) : name;
}
