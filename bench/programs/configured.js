// BENCH_COUNT accounts with a secret of the stack's configuration. A new BENCH_RELEASE rotates each of them.
const pulumi = require("@pulumi/pulumi");
const { declare } = require("./account");

const { BENCH_COUNT, BENCH_RELEASE } = process.env;
const password = new pulumi.Config().requireSecret(`password${BENCH_RELEASE}`);
for (let i = 0; i < Number(BENCH_COUNT); i++) declare(i, () => password);
