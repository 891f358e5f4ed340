import { asciiSymbols, PasswordPolicy } from "../password/policy";

const allClasses = { minLower: 1, minUpper: 1, minNumeric: 1, minSpecial: 1 } as const;

/** Password rules of the RBAC accounts of a ServiceComb engine. */
export const servicecombPolicy = new PasswordPolicy({
  name: "huaweicloud:ServicecombAccountPassword",
  loosest: {
    minLength: 8,
    maxLength: 32,
    ...allClasses,
    symbols: asciiSymbols,
    firstCharacter: "letter",
    notAccountName: true,
  },
  strictest: {
    minLength: 8,
    maxLength: 32,
    ...allClasses,
    symbols: "-~!@#%^*_=+?$&()|<>{}[]",
    firstCharacter: "letter",
    notAccountName: true,
  },
  randomPasswordArgs: {
    length: 24,
    lower: true,
    upper: true,
    numeric: true,
    special: true,
    ...allClasses,
    overrideSpecial: "-~!@#%^*_=+?",
  },
  sources: [
    {
      source: "apache/servicecomb-service-center, server/service/rbac and pkg/validate",
      says: "8 to 32 bytes, upper case, lower case, digit and a punctuation mark or symbol",
    },
    {
      source: "Huawei Cloud, microservice engine, administrator password",
      says: "8 to 32 characters, all four classes, symbols -~!@#%^*_=+?$&()|<>{}[], starting with a letter, neither the account's name nor that reversed",
    },
  ],
});
