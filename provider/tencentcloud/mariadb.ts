import { asciiSymbols, PasswordPolicy } from "../password/policy";

/** Password rules of MariaDB `ResetAccountPassword`. */
export const mariadbPolicy = new PasswordPolicy({
  name: "tencentcloud:MariadbAccountPassword",
  loosest: { minLength: 6, maxLength: 32, symbols: asciiSymbols.replace(/[;'"]/g, "") },
  strictest: {
    minLength: 8,
    maxLength: 32,
    minLetterDigitSymbolClasses: 2,
    symbols: "()~!@#$%^&*-+=_|{}[]:<>,.?/",
    firstCharacter: "not /",
  },
  randomPasswordArgs: {
    length: 24,
    lower: true,
    upper: true,
    numeric: true,
    special: true,
    minLower: 1,
    minUpper: 1,
    minNumeric: 1,
    minSpecial: 1,
    overrideSpecial: "!#%*-+=_:.?",
  },
  sources: [
    {
      source: "MariaDB API 2017-03-12, ResetAccountPassword, page of 2023-06-21",
      says: "6 to 32 letters, digits and common symbols, but not semicolons and quotation marks",
    },
    {
      source: "tencentcloud-sdk-nodejs 4.1.313, mariadb_models.d.ts; vendor's page 237/16168",
      says: "8 to 32 characters, two of letters, digits and ()~!@#$%^&*-+=_|{}[]:<>,.?/, not starting with /",
    },
  ],
});
