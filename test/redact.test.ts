import { redact, rememberSecrets } from "../provider/redact";
import { inform, warn } from "../provider/report";

describe("redact", () => {
  const secret = String.raw`ca"n\a/ry+1!(ö)*'&=?<1>`;
  beforeAll(() => rememberSecrets(secret));

  // Written down by hand or made by other means than the code's.
  test.each([
    ["as it is", secret],
    ["in JSON", String.raw`ca\"n\\a/ry+1!(ö)*'&=?<1>`],
    ["in JSON within JSON", String.raw`ca\\\"n\\\\a/ry+1!(ö)*'&=?<1>`],
    ["in a URL", "ca%22n%5Ca%2Fry%2B1!(%C3%B6)*'%26%3D%3F%3C1%3E"],
    ["in a URL after RFC 3986", "ca%22n%5Ca%2Fry%2B1%21%28%C3%B6%29%2A%27%26%3D%3F%3C1%3E"],
    ["in a form", "ca%22n%5Ca%2Fry%2B1%21%28%C3%B6%29*%27%26%3D%3F%3C1%3E"],
    ["in base64", "Y2EiblxhL3J5KzEhKMO2KSonJj0/PDE+"],
    ["in base64 for URLs", "Y2EiblxhL3J5KzEhKMO2KSonJj0_PDE-"],
    ["in hexadecimal", "6361226e5c612f72792b312128c3b6292a27263d3f3c313e"],
    ["in hexadecimal, upper case", "6361226E5C612F72792B312128C3B6292A27263D3F3C313E"],
  ])("takes a secret out %s", (_how, form) => {
    expect(redact(`before ${form} after ${form}.`)).toBe("before [secret] after [secret].");
  });

  test("takes out base64 with its padding and without", () => {
    rememberSecrets("canary-padded"); // 13 bytes: two signs of padding
    expect(redact("Y2FuYXJ5LXBhZGRlZA== Y2FuYXJ5LXBhZGRlZA.")).toBe("[secret] [secret].");
  });

  test("leaves nothing of a secret that begins like another one", () => {
    rememberSecrets("canary-short", "canary-short-and-long", "and-canary-short");
    expect(redact("canary-short-and-long|and-canary-short|canary-short")).toBe(
      "[secret]|[secret]|[secret]",
    );
  });

  test("knows secrets that it was told of after an earlier text", () => {
    expect(redact("canary-late")).toBe("canary-late");
    rememberSecrets("canary-late");
    expect(redact("canary-late")).toBe("[secret]");
  });

  test("leaves nothing of a later secret of which an earlier one is a part", () => {
    rememberSecrets("canary-early");
    expect(redact("canary-early canary-early-and-longer")).toBe("[secret] [secret]-and-longer");
    rememberSecrets("canary-early-and-longer");
    expect(redact("canary-early canary-early-and-longer")).toBe("[secret] [secret]");
  });

  test("knows all of many secrets that come one after another, and prepares each once", () => {
    const many = Array.from({ length: 200 }, (_, n) => `canary-many-${1000 + n}`);
    const preparing = jest.spyOn(Buffer, "from");
    try {
      for (const secret of many) {
        rememberSecrets(secret);
        expect(redact(`a ${secret} b`)).toBe("a [secret] b");
        rememberSecrets(secret);
      }
      expect(redact(many.join())).toBe(many.map(() => "[secret]").join());
      const prepared = preparing.mock.calls.map(([value]: readonly unknown[]) => value);
      expect(prepared.filter((value) => many.includes(value as string))).toEqual(many);
    } finally {
      preparing.mockRestore();
    }
  });

  test("leaves a text without secrets as it is", () => {
    const text =
      'Cannot set the password of Redis instance "ap-guangzhou/crs-1": no $& $1 [secret]';
    expect(redact(text)).toBe(text);
  });

  test("keeps its head with a secret that is no valid Unicode", () => {
    rememberSecrets("canary-\ud800-half", "canary-after-half");
    expect(redact("canary-\ud800-half canary-after-half")).toBe("[secret] [secret]");
  });
});

describe("rememberSecrets", () => {
  test("finds the texts in lists and objects, however deep", () => {
    rememberSecrets(
      ["canary-in-list", ["canary-in-list-in-list"]],
      { value: { value: ["canary-in-object"] } },
      null,
      undefined,
      42,
      true,
    );
    expect(redact("canary-in-list-in-list, canary-in-list, canary-in-object, 42, true")).toBe(
      "[secret], [secret], [secret], 42, true",
    );
  });

  test("leaves out texts that stand in every second word", () => {
    rememberSecrets("", "a", "the", { value: "not" });
    expect(redact("another one, not the last")).toBe("another one, not the last");
  });

  test("takes a secret of four characters", () => {
    rememberSecrets("Pw1!");
    expect(redact("a Pw1! b")).toBe("a [secret] b");
  });
});

describe("what is printed", () => {
  const lines: unknown[] = [];
  beforeEach(() => {
    lines.splice(0);
    jest.spyOn(console, "error").mockImplementation((line) => void lines.push(line));
  });
  afterEach(() => jest.restoreAllMocks());

  test("a warning is cleaned, and printed once in a run", () => {
    rememberSecrets("canary-warned");
    for (let times = 0; times < 2; times++) warn("the vendor says canary-warned");
    warn("the vendor says Y2FuYXJ5LXdhcm5lZA==");
    // Clean, all of them are the same line.
    expect(lines).toEqual(["warning: the vendor says [secret]"]);
    warn("the vendor says more of canary-warned");
    expect(lines).toHaveLength(2);
  });

  test("fixed words are printed as they are, once in a run, and cost nothing by account", () => {
    // An account that is called as somebody's password is no leak of it.
    rememberSecrets("canary-account");
    for (let times = 0; times < 2; times++) inform('account "canary-account": forgotten');
    inform('account "other": forgotten');
    expect(lines).toEqual(['account "canary-account": forgotten', 'account "other": forgotten']);
  });
});
