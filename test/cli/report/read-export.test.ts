import { readExport } from "../../../cli/report/read-export";
import { services } from "../../../provider/services";
import * as exported from "./exports";

const { account, canary, exportOf, generated, pending, secret } = exported;

test("every service's accounts are read, with their identity", () => {
  for (const { type, identity } of services.values()) {
    const given = Object.fromEntries(identity.map((name) => [name, `the ${name}`]));
    const { accounts } = readExport(exportOf([account("one", { type, identity: given })]));
    expect(accounts).toHaveLength(1);
    expect(accounts[0]?.outputs).toMatchObject(given);
  }
});

test("nothing is copied but plain fields that are named: no secret, sealed, opened or in clear", () => {
  const [, robot] = generated("robot", {}, { outputs: { password: canary, notes: canary } });
  const hidden = {
    ...robot!,
    // As a program makes them that hands over secrets where plain values are meant.
    outputs: { ...robot!.outputs, instanceId: secret(), status: secret(), requestId: [canary] },
  };
  for (const opened of [false, true]) {
    const all = [...generated("cache"), hidden];
    const text = exportOf(all, { opened, pending: [pending(hidden)] });
    expect(text).toContain(canary);
    const read = readExport(text);
    expect(JSON.stringify(read)).not.toContain(canary);
    expect(read.accounts[1]?.outputs).toEqual({
      region: "ap-guangzhou",
      drift: "none",
      revision: 1,
      changedAt: exported.daysFromNow(-10),
      passwordVersion: 1,
    });
  }
});

test("outputs that are one secret as a whole are no outputs", () => {
  const opened = { ...secret(true), plaintext: JSON.stringify({ status: "confirmed" }) };
  const text = exportOf([{ ...account("cache"), outputs: opened }]);
  expect(readExport(text).accounts[0]?.outputs).toEqual({});
});

test.each([
  ["an export", (deployment: unknown) => ({ version: 3, deployment })],
  ["a checkpoint", (latest: unknown) => ({ version: 3, checkpoint: { stack: "dev", latest } })],
  ["a deployment", (deployment: unknown) => deployment],
])("%s is understood", (_what, wrap) => {
  const { deployment } = JSON.parse(exportOf(generated("cache"))) as { deployment: unknown };
  const { accounts, generators } = readExport(JSON.stringify(wrap(deployment)));
  expect([accounts.length, generators.length]).toEqual([1, 1]);
});

test.each([
  ["no resources", exportOf([]).replace(',"resources":[]', "")],
  ["an empty list", exportOf([])],
  ["no deployment", '{"version":3}'],
  ["a deployment that is null", '{"version":3,"deployment":null}'],
  ["a checkpoint without a deployment", '{"version":3,"checkpoint":{"stack":"dev"}}'],
  ["only others' resources", exportOf([{ urn: "urn:x", type: "aws:s3:Bucket" }, null, 7, {}])],
])("a stack with %s has no accounts", (_what, text) => {
  expect(readExport(text)).toEqual({
    accounts: [],
    generators: [],
    turns: [],
    interrupted: [],
  });
});

test("what only waits for its deletion is declared no more", () => {
  const [generator, cache] = generated("cache");
  const text = exportOf([generator, cache, account("old", { delete: true })]);
  expect(readExport(text).accounts).toHaveLength(1);
});

test.each([
  ["cut off", exportOf(generated("cache"), { opened: true }).slice(0, -40), /not JSON, or is cut/],
  ["no JSON", `error: ${canary}`, /not JSON, or is cut off/],
  ["empty", " \n", /is empty/],
  ["another's JSON", JSON.stringify({ version: 1, name: canary }), /holds no deployment/],
  ["a deployment that is a text", `{"version":3,"deployment":"${canary}"}`, /holds no deployment/],
  ["null", "null", /holds no deployment/],
  ["a list", "[]", /holds no deployment/],
  ["nothing at all", "{}", /holds no deployment/],
])("an export that is %s: one line says so, and quotes nothing", (_what, text, says) => {
  const read = () => readExport(text);
  expect(read).toThrow(says);
  expect(read).not.toThrow(canary.slice(0, 3));
  expect(read).not.toThrow(/\n/);
});
