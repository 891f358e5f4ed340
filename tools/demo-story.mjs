// The story that `npm run demo` tells: five accounts get their passwords, and get new ones, by `pulumi up`. It proves each
// claim by a login, and never shows a password.
import {
  declaredAccounts,
  existingAccounts,
  heading,
  login,
  problems,
  pulumi,
  stage,
  table,
  writes,
} from "./demo-stage.mjs";

await stage(async () => {
  heading("Five accounts exist (here: in an emulator). Their passwords are set by `pulumi up`");
  const original = await existingAccounts();
  await pulumi("stack", "init", "demo");
  await pulumi("up", "--yes", "--skip-preview");
  const first = await declaredAccounts();

  heading(
    "A new release rotates them: `pulumi config set release 2`, then `pulumi preview --diff`",
  );
  await pulumi("config", "set", "release", "2");
  await pulumi("preview", "--diff");

  heading("`pulumi up` rotates");
  await pulumi("up", "--yes", "--skip-preview");
  const rotated = await declaredAccounts();

  heading("`pulumi up` again: no changes");
  const before = await writes();
  await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
  const count = (await writes()) - before;
  console.log(`API calls that set a password in this run: ${count}`);
  if (count !== 0) problems.push("an `up` without changes has called a vendor");

  heading("Proof: a login with each password");
  await prove(rotated, [...original, ...first]);
});

async function prove(rotated, earlier) {
  const rows = [];
  for (const account of rotated) {
    const old = earlier.filter(({ name }) => name === account.name);
    const openToOld = await Promise.all(old.map(({ password }) => login(account, password)));
    const refused = openToOld.length === 2 && !openToOld.includes(true);
    const accepted = await login(account, account.password);
    rows.push({
      account: account.name,
      "old passwords refused": refused ? "yes" : "NO",
      "new password accepted": accepted ? "yes" : "NO",
      revision: String(account.revision),
    });
    if (!refused || !accepted) problems.push(`${account.name} was not rotated`);
  }
  table(rows);
  if (rows.length !== 5) problems.push(`${rows.length} accounts instead of five`);
}
