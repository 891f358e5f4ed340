// One account of each kind, and the ways in which a password gets to it.
const pulumi = require("@pulumi/pulumi");
const { huaweicloud, RotatingPassword, tencentcloud } = require("pulumi-account-passwords");

const config = new pulumi.Config();
const keepers = { release: config.require("release") };

// Generated, and rotated once by its keeper.
exports.robot = new tencentcloud.TcrServiceAccountPassword("robot", {
  registryId: "tcr-gijwqid7",
  accountName: "tcr$robot",
  password: new RotatingPassword("robot", {
    policy: tencentcloud.TcrServiceAccountPassword.policy,
    keepers,
  }),
});

// Generated, by age and by a keeper that has not changed yet.
exports.app = new tencentcloud.MariadbAccountPassword("app", {
  instanceId: "tdsql-fdpjf5zh",
  userName: "app",
  host: "10.%",
  timeoutSeconds: 60,
  password: new RotatingPassword("app", {
    policy: tencentcloud.MariadbAccountPassword.policy,
    length: 20,
    rotateEvery: { days: 90 },
    keepers: { team: "a" },
  }),
});

// An existing password, taken over with its generator, and not due yet.
exports.reports = new tencentcloud.MariadbAccountPassword("reports", {
  instanceId: "tdsql-fdpjf5zh",
  userName: "reports",
  host: "%",
  currentPassword: config.requireSecret("reports"),
  password: new RotatingPassword("reports", {
    policy: tencentcloud.MariadbAccountPassword.policy,
    initial: config.requireSecret("reports"),
    initialGeneratedAt: "2026-02-01",
    rotateEvery: { days: 90 },
  }),
});

// Adopted from the configuration.
exports.orders = new tencentcloud.PostgresqlAccountPassword("orders", {
  region: "ap-guangzhou",
  instanceId: "postgres-lnp6j617",
  userName: "app",
  currentPassword: config.requireSecret("orders"),
  password: config.requireSecret("orders"),
});

// Changed by the old password twice, by keeper.
exports.cache = new tencentcloud.RedisInstancePassword("cache", {
  instanceId: "crs-5a4p1234",
  currentPassword: config.requireSecret("cache"),
  password: new RotatingPassword("cache", {
    policy: tencentcloud.RedisInstancePassword.policy,
    rotateEvery: { days: 30 },
    keepers,
  }),
});

// From the configuration, with a candidate beside it.
exports.alice = new huaweicloud.ServicecombAccountPassword("alice", {
  engineId: "engine-1",
  accountName: "alice",
  password: config.requireSecret("alice"),
  candidates: [config.requireSecret("aliceBefore")],
});

// Generated, and rotated once.
exports.bob = new huaweicloud.ServicecombAccountPassword("bob", {
  engineId: "engine-1",
  accountName: "bob",
  password: new RotatingPassword("bob", {
    policy: huaweicloud.ServicecombAccountPassword.policy,
    keepers,
  }),
});
