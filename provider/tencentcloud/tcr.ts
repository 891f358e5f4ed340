import { asciiSymbols, PasswordPolicy } from "../password/policy";

/** Password rules of TCR `ModifyServiceAccountPassword`. Which symbols it takes is not documented. */
export const tcrPolicy = new PasswordPolicy({
  name: "tencentcloud:TcrServiceAccountPassword",
  loosest: {
    minLength: 8,
    maxLength: 20,
    minLower: 1,
    minUpper: 1,
    minNumeric: 1,
    symbols: asciiSymbols,
  },
  strictest: { minLength: 8, maxLength: 20, minLower: 1, minUpper: 1, minNumeric: 1, symbols: "" },
  randomPasswordArgs: {
    length: 20,
    lower: true,
    upper: true,
    numeric: true,
    special: false,
    minLower: 1,
    minUpper: 1,
    minNumeric: 1,
    minSpecial: 0,
  },
  sources: [
    {
      source: "TCR API 2019-09-24, ModifyServiceAccountPassword, page of 2024-03-21",
      says: "8 to 20 characters, at least one upper-case letter, one lower-case letter and one number; of symbols it says nothing",
    },
  ],
});
