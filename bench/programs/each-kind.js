// One resource of each kind, for its size in the state. A new BENCH_RELEASE rotates all but the empty one. Redis and ServiceComb
// take a generator: theirs hold the most. The accounts are the emulator's own.
const pulumi = require("@pulumi/pulumi");
const { huaweicloud, RotatingPassword, tencentcloud } = require("pulumi-account-passwords");
const { Empty } = require("bench-empty/resource");

const { BENCH_RELEASE: release } = process.env;
const password = new pulumi.Config().requireSecret(`password${release}`);
const keepers = { release: `${release}` };

new Empty("empty");
new tencentcloud.TcrServiceAccountPassword("robot", {
  registryId: "tcr-gijwqid7",
  accountName: "robot",
  password: new pulumi.Config().requireSecret(`tcrPassword${release}`), // letters and digits only
});
new tencentcloud.MariadbAccountPassword("app", {
  instanceId: "tdsql-fdpjf5zh",
  userName: "app",
  host: "10.%",
  password,
});
new tencentcloud.PostgresqlAccountPassword("orders", {
  instanceId: "postgres-lnp6j617",
  userName: "app",
  password,
});
const { RedisInstancePassword } = tencentcloud;
new RedisInstancePassword("cache", {
  instanceId: "crs-5a4p1234",
  password: new RotatingPassword("cache", { policy: RedisInstancePassword.policy, keepers }),
});
const { ServicecombAccountPassword } = huaweicloud;
new ServicecombAccountPassword("alice", {
  engineId: "engine-1",
  accountName: "alice",
  password: new RotatingPassword("alice", { policy: ServicecombAccountPassword.policy, keepers }),
});
