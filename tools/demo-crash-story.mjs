// The story that `npm run demo:crash` tells: a rotation is killed after the vendors have done it and before they could say so.
// Nothing is lost, nothing is called done that is not, and the next `pulumi up` finishes it.
import {
  declaredAccounts,
  faults,
  heading,
  login,
  problems,
  pulumi,
  pulumiKilledWhen,
  stage,
  table,
  writes,
} from "./demo-stage.mjs";

const setsPassword = [
  "ModifyServiceAccountPassword",
  "ResetAccountPassword",
  "ModifyInstancePassword",
  "ChangeAccountPassword",
];

await stage(async () => {
  heading("Five accounts have their first passwords (`pulumi up`, not shown)");
  await pulumi("stack", "init", "demo");
  await pulumi("up", "--yes", "--skip-preview", "--suppress-progress", "--suppress-outputs");
  await show("confirmed", 1);

  heading("A rotation is killed: the vendors have set the new passwords, no answer has come back");
  await pulumi("config", "set", "release", "2");
  await faults(
    ...setsPassword.map((action) => ({ action, when: "after", what: "hang", times: 5 })),
  );
  const before = await writes();
  const allSet = async () => (await writes()) - before >= 5;
  await pulumiKilledWhen(allSet, "up", "--yes", "--skip-preview", "--suppress-outputs");
  await faults();
  console.log(
    "\nkill -9, like a power cut. The state still says the old passwords, and all of them are",
  );
  console.log(
    "refused; the live ones were saved with their generators before any account was touched:\n",
  );
  await show("saved", 1);

  heading("The lock of the dead run is taken away, and `pulumi up` finishes what it had begun");
  await pulumi("cancel", "--yes");
  await pulumi("up", "--yes", "--skip-preview", "--suppress-outputs");
  await show("confirmed", 2);

  heading("`pulumi up` again: no changes");
  await pulumi("up", "--yes", "--skip-preview", "--suppress-outputs", "--expect-no-changes");
});

/** @param {"confirmed" | "saved"} live Which password has to be the live one. */
async function show(live, revision) {
  const rows = [];
  for (const account of await declaredAccounts()) {
    const confirmed = await login(account, account.password);
    const saved = await login(account, account.drawn);
    rows.push({
      account: account.name,
      revision: String(account.revision),
      "the account's recorded password": confirmed ? "logs in" : "is refused",
      "its generator's saved password": saved ? "logs in" : "is refused",
    });
    if (!saved || confirmed !== (live === "confirmed") || account.revision !== revision)
      problems.push(`${account.name} is not as this story says`);
  }
  table(rows);
  if (rows.length !== 5) problems.push(`${rows.length} accounts instead of five`);
}
