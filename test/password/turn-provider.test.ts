import { takeTurn, turnProvider } from "../../provider/password/turn-provider";
import type { TurnInputs, TurnRecord } from "../../provider/password/turn-provider";
import { unknown } from "../../provider/password/rotation-schedule";
import { Stack } from "./stack";

const never = () => false;
const now = () => true;
const other = (turn: number, changedAt = "2026-03-01T12:00:00.000Z") => ({ turn, changedAt });

describe("takeTurn", () => {
  test.each<[string, TurnRecord | undefined, TurnInputs, TurnRecord]>([
    ["begins with turn 1 for the first account", undefined, { due: 1 }, { turn: 1 }],
    ["begins with turn 0 for the second", undefined, { due: 0 }, { turn: 0 }],
    [
      "takes no turn with its creation, however late",
      undefined,
      { due: 4, other: other(1) },
      { turn: 0, met: 4 },
    ],
    ["keeps a turn that was taken", { turn: 3 }, { due: 3, other: other(2) }, { turn: 3 }],
    ["keeps it in the other's turn", { turn: 3 }, { due: 3 }, { turn: 3 }],
    ["takes the turn that is due", { turn: 1 }, { due: 3, other: other(2) }, { turn: 3 }],
    [
      "takes none in the other's turn: the outcome of that is not known yet",
      { turn: 0 },
      { due: 2 },
      { turn: 0 },
    ],
    [
      "takes none while it is the active one: the due turn is met by the late one",
      { turn: 2 },
      { due: 4, other: other(1) },
      { turn: 2, met: 4 },
    ],
    [
      "takes none while the other one's login is refused: that is not in use",
      { turn: 1 },
      { due: 3, other: { ...other(2), refused: true } },
      { turn: 1 },
    ],
    ["has met a turn for good", { turn: 2, met: 4 }, { due: 4 }, { turn: 2, met: 4 }],
    [
      "takes the one after it",
      { turn: 2, met: 4 },
      { due: 6, other: other(3) },
      { turn: 4, met: 6 },
    ],
    [
      "takes the turn that waited, in the other's turn as well",
      { turn: 1, waiting: 3 },
      { due: 3 },
      { turn: 3 },
    ],
    [
      "goes on from where it is when the schedule begins anew",
      { turn: 7 },
      { due: 1 },
      { turn: 7, met: 1 },
    ],
    [
      "and takes the next one then",
      { turn: 6, met: 0 },
      { due: 2, other: other(7) },
      { turn: 8, met: 2 },
    ],
    ["is unknown while the schedule is", { turn: 1 }, { due: unknown }, { turn: unknown }],
    [
      "is unknown while the other account is",
      { turn: 1 },
      { due: 3, other: { turn: 2, changedAt: unknown } },
      { turn: unknown },
    ],
    ["is unknown while all of it is", { turn: 1 }, { due: 3, other: unknown }, { turn: unknown }],
    [
      "is known where it does not depend on that",
      { turn: 3 },
      { due: 3, other: { turn: 2, changedAt: unknown } },
      { turn: 3 },
    ],
  ])("%s", (_, last, inputs, expected) => {
    expect(takeTurn(last, inputs, never)).toEqual(expected);
  });

  test("waits for the next run when the other one was changed in this one", () => {
    const waits = takeTurn({ turn: 1 }, { due: 3, other: other(2) }, now);
    expect(waits).toEqual({ turn: 1, waiting: 3 });
    expect(takeTurn(waits, { due: 3, other: other(2) }, now)).toEqual(waits);
    expect(takeTurn(waits, { due: 3, other: other(2) }, never)).toEqual({ turn: 3 });
  });
});

describe("turnProvider", () => {
  test("shows the turn alone, and stores what it notes without an update", async () => {
    const changed = new Set<string>();
    const stack = new Stack(() => turnProvider((moment) => changed.has(moment)), "2026-03-01");
    expect(await stack.up({ due: 1, account: "a" })).toBe("create");
    expect(stack.inputs).toEqual({ __provider: "text", turn: 1 });
    expect(await stack.up({ due: 1, account: "a" })).toBe("same");

    const log = jest.spyOn(console, "error").mockImplementation();
    changed.add("T1");
    const program = { due: 3, account: "a", other: other(2, "T1") };
    expect(await stack.up(program)).toBe("same");
    expect(stack.inputs).toMatchObject({ turn: 1, waiting: 3 });
    expect(stack.outputs).toMatchObject({ turn: 1 });
    expect(log.mock.calls.join()).toMatch(/Account "a": its password changes with the next/);
    log.mockRestore();

    changed.clear();
    expect((await stack.preview(program)).changed).toEqual(["turn", "waiting"]);
    expect(await stack.up(program)).toBe("update");
    expect(stack.outputs).toEqual({ __provider: "text", turn: 3 });
  });

  test("says once that a turn counts as taken", async () => {
    const log = jest.spyOn(console, "error").mockImplementation();
    const stack = new Stack(() => turnProvider(never), "2026-03-01");
    await stack.up({ due: 2, account: "b" });
    const program = { due: 4, account: "b", other: other(-1) };
    expect(await stack.up(program)).toBe("same");
    expect(stack.inputs).toMatchObject({ turn: 0, met: 4 });
    expect(log.mock.calls.join()).toMatch(/^Account "b": the rotation that is due counts as taken/);
    await stack.up(program);
    expect(log).toHaveBeenCalledTimes(1);
    log.mockRestore();
  });
});
