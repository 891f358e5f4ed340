/** The examples that show one thing each, run as their READMEs say. */
import { logsIn, named } from "./accounts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { mariadbAdmin, mariadbLogin } from "../servers/clients";
import { describeWithServers } from "../servers/find-servers";
import { startMariadb } from "../servers/mariadb";
import { type AccountsFile, type BackendsFile, newEmulator } from "./emulator";
import { checkout, newStack } from "./harness";

test("age-rotation: in a night of the window, by calendar, by keeper and after a compromise", async () => {
  const emulator = await newEmulator();
  const stack = await newStack({ copyOf: "examples/age-rotation", env: emulator.environment });
  const at = (text: string) => ({ env: { ACCOUNT_PASSWORDS_NOW: text } });
  await stack.up(at("2026-02-01T00:00:00Z"));
  // Due, but not in the window.
  expect((await stack.up(at("2026-05-02T13:00:00Z"))).text).toContain("5 unchanged");
  const { text } = await stack.preview({ diff: true, ...at("2026-05-02T15:00:00Z") });
  expect(text.match(/~ reason +: "first" => "calendar 2026-04-01"/g)).toHaveLength(2);
  await stack.up(at("2026-05-02T15:00:00Z"));

  await stack.config.set("compromisedBefore", "2026-05-04");
  await stack.up(at("2026-05-05T09:00:00Z"));
  const { outputs } = await stack.resource("RotatingPassword::robot");
  expect(outputs).toMatchObject({ version: 3, reason: "compromised before 2026-05-04" });
  await stack.config.set("release", "2");
  await stack.up(at("2026-05-06T09:00:00Z"));
  const { ordersPassword, robotPassword } = await stack.outputs();
  expect(ordersPassword).not.toMatch(/[O0Il1]/);
  expect(encodeURIComponent(String(ordersPassword))).toBe(ordersPassword);
  expect(await logsIn(emulator, named("orders"), ordersPassword)).toBe(true);
  expect(await logsIn(emulator, named("robot"), robotPassword)).toBe(true);
});

test("report-in-ci: the program that its workflow runs", async () => {
  const emulator = await newEmulator();
  const stack = await newStack({ copyOf: "examples/report-in-ci", env: emulator.environment });
  await stack.up();
  const { appPassword } = await stack.outputs();
  expect(await logsIn(emulator, named("app"), appPassword)).toBe(true);
});

describeWithServers("verified-database", ["mariadb"], () => {
  const folder = join(checkout, "examples", "verified-database");
  const read = <T>(name: string) => JSON.parse(readFileSync(join(folder, name), "utf8")) as T;

  test("its MariaDB lets the new password in, and the old one no more", async () => {
    const accounts = read<AccountsFile>("accounts.json");
    const backends = read<BackendsFile>("backends.json");
    const [account] = accounts.tencentcloud?.mariadb ?? [];
    const server = await startMariadb();
    const { host, port, admin } = server;
    Object.assign(backends.tencentcloud!.mariadb![0]!, { host, port, ...admin });
    await mariadbAdmin(server, `CREATE USER app@'%' IDENTIFIED BY '${account?.password}'`);
    const emulator = await newEmulator({ accounts, backends });
    const stack = await newStack({
      copyOf: "examples/verified-database",
      env: emulator.environment,
      config: { port: String(port) },
    });
    let old = account?.password ?? "";
    for (const release of ["1", "2"]) {
      await stack.config.set("release", release);
      await stack.up();
      const { password, verification } = (await stack.outputs()) as Record<string, string>;
      expect(verification).toBe("accepted");
      expect(await mariadbLogin(server, "app", password ?? "")).toBe("open");
      expect(await mariadbLogin(server, "app", old)).toBe("refused");
      old = password ?? "";
    }
    // What `refresh` finds is set again.
    await mariadbAdmin(server, "ALTER USER app@'%' IDENTIFIED BY 'Somebody-elses-1'");
    await stack.refresh();
    expect((await stack.resource("MariadbAccountPassword::app")).outputs).toMatchObject({
      verification: "refused",
      drift: expect.stringContaining("login refused on") as string,
    });
    await stack.up();
    expect(await mariadbLogin(server, "app", old)).toBe("open");
    expect((await stack.up()).text).toContain("3 unchanged");
  });
});
