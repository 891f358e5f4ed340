import { PasswordPolicy } from "../password/policy";

const allClasses = { minLower: 1, minUpper: 1, minNumeric: 1, minSpecial: 1 } as const;

/** Password rules of PostgreSQL `ResetAccountPassword`. */
export const postgresqlPolicy = new PasswordPolicy({
  name: "tencentcloud:PostgresqlAccountPassword",
  loosest: {
    minLength: 8,
    maxLength: 32,
    ...allClasses,
    symbols: "()`~!@#$%^&*-+=_|{}[]:;'<>,.?/",
    firstCharacter: "not /",
  },
  strictest: {
    minLength: 8,
    maxLength: 32,
    ...allClasses,
    symbols: "()`~!@#$%^&*-+=_|{}[]:<>,.?/",
    firstCharacter: "not /",
  },
  randomPasswordArgs: {
    length: 24,
    lower: true,
    upper: true,
    numeric: true,
    special: true,
    ...allClasses,
    overrideSpecial: "!#%*-+=_:.?",
  },
  sources: [
    {
      source: "PostgreSQL API 2017-03-12, ResetAccountPassword, page of 2023-10-13, error InvalidPasswordValueError",
      says: "all four classes, symbols ()`~!@#$%^&*-+=_|{}[]:;'<>,.?/, not starting with /",
    },
    {
      source: "tencentcloud-sdk-nodejs 4.1.313, postgres_models.d.ts",
      says: "8 to 32 characters, all four classes, symbols ()`~!@#$%^&*-+=_|{}[]:<>,.?/, not starting with /",
    },
  ],
});
