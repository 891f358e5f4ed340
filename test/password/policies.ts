/** The five policies, and for each a check of its strictest rule that shares no code with them. */
import { servicecombPolicy } from "../../provider/huaweicloud/servicecomb";
import { mariadbPolicy } from "../../provider/tencentcloud/mariadb";
import { postgresqlPolicy } from "../../provider/tencentcloud/postgresql";
import { redisPolicy } from "../../provider/tencentcloud/redis";
import { tcrPolicy } from "../../provider/tencentcloud/tcr";
import type { PasswordPolicy } from "../../provider/password/policy";

export { mariadbPolicy, postgresqlPolicy, redisPolicy, servicecombPolicy, tcrPolicy };

export const policies = [
  tcrPolicy,
  mariadbPolicy,
  postgresqlPolicy,
  redisPolicy,
  servicecombPolicy,
] as const;

export const policiesByName: ReadonlyMap<string, PasswordPolicy> = new Map(
  policies.map((policy) => [policy.name, policy]),
);

/** A generated password has every kind of character, so the look-aheads ask for all of them. */
export const strictForms: ReadonlyMap<PasswordPolicy, RegExp> = new Map<PasswordPolicy, RegExp>([
  [tcrPolicy, /^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[a-zA-Z0-9]{8,20}$/],
  [
    mariadbPolicy,
    /^(?!\/)(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?=.*[^a-zA-Z0-9])[a-zA-Z0-9()~!@#$%^&*\-+=_|{}[\]:<>,.?/]{8,32}$/,
  ],
  [
    postgresqlPolicy,
    /^(?!\/)(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?=.*[^a-zA-Z0-9])[a-zA-Z0-9()`~!@#$%^&*\-+=_|{}[\]:<>,.?/]{8,32}$/,
  ],
  [
    redisPolicy,
    /^(?!\/)(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?=.*[^a-zA-Z0-9])[a-zA-Z0-9()~!@#$%^&*\-+=_|{}[\]:;<>,.?/]{8,30}$/,
  ],
  [servicecombPolicy, /^[a-zA-Z](?=.*[^a-zA-Z0-9])[a-zA-Z0-9\-~!@#%^*_=+?$&()|<>{}[\]]{7,31}$/],
]);
