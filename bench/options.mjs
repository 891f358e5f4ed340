import { parseArgs } from "node:util";
import { services } from "./accounts.mjs";

const parts = ["first", "state", "runs"];

const help = `npm run bench -- [--accounts N] [--repeats N] [--service NAME] [--only PART]

  --accounts N    accounts in the timed runs (default 100; the budgets are for 1000)
  --repeats N     how often each timed run is made (default 3)
  --service NAME  ${Object.keys(services).join(" or ")} (default postgresql, whose rate does not bind)
  --only PART     ${parts.join(", ")}; may be given several times (default all)

No budget that is missed makes it fail: a figure depends on what else the machine does.
`;

export function readOptions() {
  const values = parsed();
  if (values.help) {
    process.stdout.write(help);
    process.exit(0);
  }
  const options = {
    accounts: Number(values.accounts),
    repeats: Number(values.repeats),
    service: values.service,
    only: values.only,
  };
  const isCount = (value) => Number.isInteger(value) && value > 0;
  const unusable =
    !isCount(options.accounts) ||
    !isCount(options.repeats) ||
    !Object.hasOwn(services, options.service) ||
    options.only.some((part) => !parts.includes(part));
  if (unusable) misused();
  return options;
}

function parsed() {
  try {
    const { values } = parseArgs({
      options: {
        accounts: { type: "string", default: "100" },
        repeats: { type: "string", default: "3" },
        service: { type: "string", default: "postgresql" },
        only: { type: "string", multiple: true, default: parts },
        help: { type: "boolean", default: false },
      },
    });
    return values;
  } catch {
    return misused();
  }
}

function misused() {
  process.stderr.write(help);
  process.exit(2);
}
