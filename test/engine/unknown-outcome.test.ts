import { chosen, five } from "./accounts";
import type { Stack } from "./harness";
import {
  expectSettled,
  expectUnknown,
  lostAnswers,
  newFive,
  passwords,
  writing,
} from "./lost-answers";

/** On a slow machine the first failure would come before the last change has begun. */
const all = { args: ["--continue-on-error"] };

/**
 * A change whose outcome nobody knows is never "done" and never "unchanged", whatever is run in
 * between, until an update has settled it.
 */
const between: [string, (stack: Stack) => Promise<unknown>][] = [
  ["nothing", () => Promise.resolve()],
  ["two refreshes", (stack) => stack.refresh().then(() => stack.refresh())],
];

test.each(between)(
  "a first change with unknown outcome, %s in between, the same password wanted",
  async (_what, inBetween) => {
    const { emulator, stack } = await newFive(1);
    await emulator.addFaults(...writing(lostAnswers));
    const { text } = await stack.up({ expect: "failure", ...all });
    expect(text).toContain("OUTCOME_UNKNOWN");
    expect(text).toContain("run `pulumi up` again");
    await expectUnknown(stack, 1);
    for (const { name } of five)
      expect((await stack.resource(name)).outputs["password"]).toBeUndefined();

    await inBetween(stack);
    await emulator.clearFaults();
    expect((await stack.previewJson()).json.changeSummary).toMatchObject({ update: 5 });
    await stack.up();
    await expectSettled(stack, emulator, 1);
  },
);

test.each([
  ["the same password wanted", 2, false],
  ["another password wanted", 3, false],
  ["the old password wanted again, with up --refresh", 1, true],
])("an update with unknown outcome, %s", async (_what, wanted, refresh) => {
  const { emulator, stack } = await newFive(1);
  await stack.up();
  await emulator.addFaults(...writing(lostAnswers));
  await stack.config.setAll({}, passwords(2));
  const { text } = await stack.up({ expect: "failure", ...all });
  expect(text).toContain("OUTCOME_UNKNOWN");
  await expectUnknown(stack, 2);
  for (const account of five)
    expect((await stack.resource(account.name)).outputs["password"]).toBe(chosen(account, 1));

  await emulator.clearFaults();
  await stack.config.setAll({}, passwords(wanted));
  const preview = await stack.preview();
  expect(preview.text).toContain("outcome is unknown");
  await stack.up({ args: refresh ? ["--refresh"] : [] });
  await expectSettled(stack, emulator, wanted);
});

test("refresh shows an unknown outcome as drift, and keeps it", async () => {
  const { emulator, stack } = await newFive(1);
  await stack.up();
  await emulator.addFaults(...writing(lostAnswers));
  await stack.config.setAll({}, passwords(2));
  await stack.up({ expect: "failure" });
  const { text } = await stack.refresh({ diff: true });
  expect(text).toMatch(/~ drift *: "none" => "outcome unknown since \d{4}-/);
  await expectUnknown(stack, 2);
  const { text: preview } = await stack.preview({ diff: true });
  expect(preview).toMatch(/~ drift *: "outcome unknown since .*" => "none"/);
});
