// BENCH_COUNT accounts with a RotatingPassword each. A new BENCH_RELEASE rotates each of them.
const { RotatingPassword } = require("pulumi-account-passwords");
const { declare } = require("./account");

const { BENCH_COUNT, BENCH_RELEASE: release } = process.env;
for (let i = 0; i < Number(BENCH_COUNT); i++)
  declare(
    i,
    (policy) =>
      new RotatingPassword(`account-${i}`, { policy, keepers: { release: `${release}` } }),
  );
