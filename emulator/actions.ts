/** The services and their actions, by the names that the request log, faults and `deny` use. */
export const actions = {
  tcr: ["ModifyServiceAccountPassword", "DescribeServiceAccounts", "DescribeInstances"],
  mariadb: ["ResetAccountPassword", "DescribeAccounts", "DescribeDBInstances"],
  postgres: ["ResetAccountPassword", "DescribeAccounts", "DescribeDBInstanceAttribute"],
  redis: [
    "ModifyInstancePassword",
    "ResetPassword",
    "DescribeTaskInfo",
    "DescribeInstances",
    "DescribeInstanceAccount",
  ],
  cse: [
    "ChangeAccountPassword",
    "ExchangeToken",
    "Login",
    "ListAccounts",
    "DescribeAccount",
    "ListAccountLocks",
  ],
  iam: ["CreateToken"],
} as const satisfies Record<string, readonly string[]>;

export type Service = keyof typeof actions;
export type ActionOf<S extends Service> = (typeof actions)[S][number];

export const services = Object.keys(actions) as Service[];

export function isService(value: unknown): value is Service {
  return services.some((service) => service === value);
}

/** The actions of one service, or of all. */
export function actionsOf(service?: Service): readonly string[] {
  return service === undefined ? [...new Set(Object.values(actions).flat())] : actions[service];
}
