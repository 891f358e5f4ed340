import { PasswordPolicy } from "../password/policy";

const symbols = "()~!@#$%^&*-+=_|{}[]:;<>,.?/";

/** Password rules of Redis `ModifyInstancePassword`. */
export const redisPolicy = new PasswordPolicy({
  name: "tencentcloud:RedisInstancePassword",
  loosest: {
    minLength: 8,
    maxLength: 30,
    minClasses: 2,
    symbols: symbols + "`",
    firstCharacter: "not /",
  },
  strictest: { minLength: 8, maxLength: 30, minClasses: 2, symbols, firstCharacter: "not /" },
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
      source: "Redis API 2018-04-12, ModifyInstancePassword, page of 2024-12-04",
      says: "8 to 30 characters, two of lower case, upper case, digits and symbols such as ()~!@#$%^&*-+=_|{}[]:;<>,.?/, not starting with /",
    },
    {
      source: "tencentcloud-sdk-nodejs 4.1.313, redis_models.d.ts, CreateInstances",
      says: "the same symbols and the backtick",
    },
  ],
});
