// BENCH_COUNT empty resources. A new BENCH_RELEASE updates each of them.
const { Empty } = require("bench-empty/resource");

const { BENCH_COUNT, BENCH_RELEASE } = process.env;
for (let i = 0; i < Number(BENCH_COUNT); i++) new Empty(`account-${i}`, { release: BENCH_RELEASE });
