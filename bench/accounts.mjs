// The accounts that bench/programs/account.js declares, for the emulator.

/**
 * What is measured is the package, not a vendor's rate: PostgreSQL's 100 calls a second are more
 * than the engine makes. MariaDB's 20 are less: with these, rotating is bound by the rate.
 */
export const services = {
  postgresql: { name: "PostgreSQL", action: "ResetAccountPassword", perSecond: 100 },
  mariadb: { name: "MariaDB", action: "ResetAccountPassword", perSecond: 20 },
};

/** Each on an instance of its own: calls for one instance go one after another. */
export function accountsFile(service, count) {
  const records = Array.from({ length: count }, (_, i) => ({
    instanceId: `instance-${i}`,
    userName: "app",
    password: "abcd8765_.A",
    // Neither the time that PostgreSQL takes for a reset after its answer.
    ...(service === "postgresql" ? { resetMs: 0 } : { host: "10.%" }),
  }));
  return { tencentcloud: { [service]: records } };
}
