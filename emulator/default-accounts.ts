import type { AccountsFile } from "./account-record";

/** The accounts of the quickstart: one of each kind, with the passwords of the vendors' own pages. */
export const defaultAccounts: AccountsFile = {
  tencentcloud: {
    tcr: [{ registryId: "tcr-gijwqid7", accountName: "robot", password: "OldPass123" }],
    mariadb: [
      { instanceId: "tdsql-fdpjf5zh", userName: "app", host: "10.%", password: "abcd8765_." },
    ],
    postgresql: [{ instanceId: "postgres-lnp6j617", userName: "app", password: "1234Qwer()" }],
    redis: [{ instanceId: "crs-5a4p1234", password: "zy45Old_pw" }],
  },
  huaweicloud: {
    servicecomb: [
      {
        engineId: "engine-1",
        accountName: "alice",
        roles: ["developer"],
        password: "Alice@123x",
      },
    ],
  },
};
