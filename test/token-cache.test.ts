import type { Answer } from "../provider/outcome";
import { done } from "../provider/outcome";
import type { Token } from "../provider/token-cache";
import { cached, forget, kept } from "../provider/token-cache";

const hour = 60 * 60 * 1000;
let now = 1_000_000_000_000;
beforeEach(() => void jest.spyOn(Date, "now").mockImplementation(() => now));
afterEach(() => jest.restoreAllMocks());

const refused: Answer<Token> = { outcome: "refused", code: "AUTH_FAILED", says: "no" };

/** Makes `token 1`, `token 2`, … of that life, each a little later. */
function maker(lifeMs = hour) {
  let made = 0;
  const create = async (): Promise<Answer<Token>> => {
    const text = `token ${++made}`;
    await new Promise((resolve) => setImmediate(resolve));
    return done({ text, expiresAt: now + lifeMs });
  };
  return { create, made: () => made };
}

async function textOf(answer: Promise<Answer<Token>>): Promise<string> {
  const { outcome, ...rest } = await answer;
  return outcome === "done" ? (rest as unknown as { value: Token }).value.text : outcome;
}

describe("cached", () => {
  test("asks once, and keeps the token until shortly before it ends", async () => {
    const { create } = maker(hour);
    expect(await textOf(cached("kept", create))).toBe("token 1");
    now += hour - 5 * 60 * 1000 - 1;
    expect(await textOf(cached("kept", create))).toBe("token 1");
    now += 1;
    expect(await textOf(cached("kept", create))).toBe("token 2");
  });

  test("keeps each key's token apart", async () => {
    const { create } = maker();
    expect(await textOf(cached("one", create))).toBe("token 1");
    expect(await textOf(cached("two", create))).toBe("token 2");
    expect(await textOf(cached("one", create))).toBe("token 1");
  });

  test("asks once for many who come at the same time", async () => {
    const { create, made } = maker(hour);
    const many = () =>
      Promise.all(Array.from({ length: 50 }, () => textOf(cached("many", create))));
    expect(new Set(await many())).toEqual(new Set(["token 1"]));
    now += hour;
    expect(new Set(await many())).toEqual(new Set(["token 2"]));
    expect(made()).toBe(2);
  });

  test("keeps no token that ends at once", async () => {
    const { create } = maker(0);
    expect(await textOf(cached("ended", create))).toBe("token 1");
    expect(await textOf(cached("ended", create))).toBe("token 2");
  });

  test("hands a failure to all who asked, and asks the next time again", async () => {
    const { create } = maker();
    const fail = jest.fn(() => Promise.resolve(refused));
    const answers = [cached("failed", fail), cached("failed", fail)];
    expect(await Promise.all(answers)).toEqual([refused, refused]);
    expect(fail).toHaveBeenCalledTimes(1);
    expect(await textOf(cached("failed", create))).toBe("token 1");
  });

  test("keeps a failure that must not be repeated", async () => {
    const fail = jest.fn(() => Promise.resolve(refused));
    const keep = (answer: Answer<Token>) => answer.outcome === "refused";
    for (let count = 0; count < 3; count++)
      expect(await cached("never again", fail, keep)).toBe(refused);
    now += 24 * hour;
    expect(await cached("never again", fail, keep)).toBe(refused);
    expect(fail).toHaveBeenCalledTimes(1);
  });

  test("keeps no exception", async () => {
    const { create } = maker();
    const fail = () => Promise.reject(new Error("gone"));
    await expect(cached("thrown", fail)).rejects.toThrow("gone");
    expect(await textOf(cached("thrown", create))).toBe("token 1");
  });
});

describe("kept", () => {
  const textKept = async (key: string) => {
    const answer = await kept(key);
    return answer && textOf(Promise.resolve(answer));
  };

  test("is the token that somebody has asked for", async () => {
    const { create, made } = maker();
    await cached("kept for others", create);
    expect(await textKept("kept for others")).toBe("token 1");
    expect(await textKept("nobody's")).toBeUndefined();
    expect(made()).toBe(1);
  });

  test("is none near the end, and none that was forgotten", async () => {
    const { create } = maker(hour);
    await cached("ends", create);
    now += hour - 5 * 60 * 1000;
    expect(await kept("ends")).toBeUndefined();
    await cached("taken back", create);
    await forget("taken back", "token 2");
    expect(await kept("taken back")).toBeUndefined();
  });

  test("is no failure and no exception", async () => {
    await cached(
      "failure",
      () => Promise.resolve(refused),
      () => true,
    );
    expect(await kept("failure")).toBeUndefined();
    await cached("exception", () => Promise.reject(new Error("gone"))).catch(() => undefined);
    expect(await kept("exception")).toBeUndefined();
  });
});

describe("forget", () => {
  test("makes the next one who asks get a new token", async () => {
    const { create } = maker();
    await cached("forgotten", create);
    await forget("forgotten", "token 1");
    expect(await textOf(cached("forgotten", create))).toBe("token 2");
  });

  test("leaves a newer token alone, so that many with an expired one get one between them", async () => {
    const { create, made } = maker();
    await cached("newer", create);
    const replaced = async () => {
      await forget("newer", "token 1");
      return textOf(cached("newer", create));
    };
    expect(await Promise.all([replaced(), replaced(), replaced()])).toEqual(
      Array.from({ length: 3 }, () => "token 2"),
    );
    expect(await replaced()).toBe("token 2");
    expect(made()).toBe(2);
  });

  test("leaves a failure that must not be repeated", async () => {
    const fail = jest.fn(() => Promise.resolve(refused));
    await cached("refused", fail, () => true);
    await forget("refused", "token 1");
    await cached("refused", fail, () => true);
    expect(fail).toHaveBeenCalledTimes(1);
  });

  test("does nothing for a key that nobody has asked for", async () => {
    await forget("unheard of", "token 1");
  });
});
