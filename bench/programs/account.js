// One account of the service that is measured (BENCH_SERVICE), as bench/accounts.mjs tells the emulator.
const { tencentcloud } = require("pulumi-account-passwords");

const { BENCH_SERVICE } = process.env;

exports.declare = (i, passwordFor) => {
  const name = `account-${i}`;
  const args = { instanceId: `instance-${i}`, userName: "app" };
  if (BENCH_SERVICE === "mariadb") {
    const { MariadbAccountPassword } = tencentcloud;
    const password = passwordFor(MariadbAccountPassword.policy);
    return new MariadbAccountPassword(name, { ...args, host: "10.%", password });
  }
  const { PostgresqlAccountPassword } = tencentcloud;
  const password = passwordFor(PostgresqlAccountPassword.policy);
  return new PostgresqlAccountPassword(name, { ...args, password });
};
