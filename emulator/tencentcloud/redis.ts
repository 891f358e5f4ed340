import { kinds } from "../account-record";
import { type Account, isChanging } from "../accounts";
import { BackendError } from "../backends";
import { PasswordPolicy } from "../../provider/password/policy";
import { redisPolicy } from "../../provider/tencentcloud/redis";
import { TencentCloudError } from "./envelope";
import {
  type ActionRequest,
  beijingTime,
  instanceStatus,
  page,
  type ProductOf,
  visibleInstance,
  visibleInstances,
} from "./product";

const kind = kinds.redis;

/** TencentDB for Redis, API 2018-04-12. */
export const redis: ProductOf<"redis"> = {
  service: "redis",
  version: "2018-04-12",
  kind,
  actions: {
    ModifyInstancePassword: {
      perSecond: 20,
      write: true,
      denied: "UnauthorizedOperation.NoCAMAuthed",
      parameters: { InstanceId: "string*", OldPassword: "string*", Password: "string*" },
      instances: (parameters) => [parameters.string("InstanceId")],
      answer: modifyInstancePassword,
    },
    ResetPassword: {
      perSecond: 20,
      write: true,
      denied: "UnauthorizedOperation.NoCAMAuthed",
      parameters: {
        InstanceId: "string*",
        Password: "string",
        NoAuth: "boolean",
        EncryptPassword: "boolean",
      },
      instances: (parameters) => [parameters.string("InstanceId")],
      answer: resetPassword,
    },
    DescribeTaskInfo: {
      perSecond: 20,
      denied: "UnauthorizedOperation",
      parameters: { TaskId: "integer*" },
      instances: (parameters, { tasks }) => {
        const task = tasks.get(parameters.integer("TaskId", -1));
        return task === undefined ? [] : [task.instanceId];
      },
      answer: describeTaskInfo,
    },
    DescribeInstances: {
      perSecond: 50, // 35 or 50, by the date of the page
      denied: "UnauthorizedOperation",
      parameters: { InstanceId: "string", Limit: "integer", Offset: "integer" },
      instances: (parameters) =>
        parameters.has("InstanceId") ? [parameters.string("InstanceId")] : [],
      answer: describeInstances,
    },
    DescribeInstanceAccount: {
      perSecond: 20,
      denied: "UnauthorizedOperation",
      parameters: { InstanceId: "string*", Limit: "integer", Offset: "integer" },
      instances: (parameters) => [parameters.string("InstanceId")],
      answer: describeInstanceAccount,
    },
  },
};

/** Statuses of an instance: 0 to initialise, 1 in a flow, 2 running, -2 isolated, -3 to delete. */
const statusRunning = 2;
const statusInFlow = 1;
/** Statuses of an account: 1 changing, 2 valid, 4 deleted. */
const accountChanging = 1;
const accountValid = 2;
const defaultTaskMs = 150;

/** `ResetPassword` allows two characters more than `ModifyInstancePassword` (SDK's models). */
const resetPasswordPolicy = new PasswordPolicy({
  name: redisPolicy.name,
  loosest: { ...redisPolicy.loosest, maxLength: 32 },
  strictest: { ...redisPolicy.strictest, maxLength: 32 },
  randomPasswordArgs: redisPolicy.randomPasswordArgs(),
  sources: redisPolicy.sources,
});

function modifyInstancePassword(request: ActionRequest): object {
  const { parameters } = request;
  const account = freeInstance(request);
  const oldPassword = parameters.string("OldPassword");
  const password = parameters.string("Password");
  if (oldPassword === "" || password === "") throw emptyParameter();
  // An instance without a password has no old one. Which code it gives is not documented.
  if (account.record.noAuth === true)
    throw new TencentCloudError(
      "InvalidParameterValue.PasswordError",
      "Password verification error due to incorrect password.",
    );
  checkRule(redisPolicy, password);
  if (oldPassword !== account.record.password) throw passwordRuleError();
  return startTask(request, account, { password, noAuth: false });
}

/** Sets the password without the old one, or with `NoAuth` takes it off. */
function resetPassword(request: ActionRequest): object {
  const { parameters } = request;
  const account = freeInstance(request);
  if (parameters.boolean("EncryptPassword"))
    throw new TencentCloudError(
      "InvalidParameter.InvalidParameter",
      "EncryptPassword is not supported.",
    );
  if (parameters.boolean("NoAuth"))
    return startTask(request, account, { password: account.record.password, noAuth: true });
  const password = parameters.string("Password");
  if (password === "") throw emptyParameter();
  checkRule(resetPasswordPolicy, password);
  return startTask(request, account, { password, noAuth: false });
}

/** The account of an instance that is running and that no task has locked. */
function freeInstance(request: ActionRequest): Account {
  const account = instance(request);
  if (isChanging(account))
    throw new TencentCloudError(
      "ResourceUnavailable.InstanceLockedError",
      "Redis has been locked by another process.",
    );
  if (instanceStatus([account], statusRunning) !== statusRunning)
    throw new TencentCloudError(
      "ResourceUnavailable.InstanceStatusAbnormal",
      "The Redis status is exceptional, and the corresponding process cannot be executed.",
    );
  return account;
}

function instance(request: ActionRequest): Account {
  const account = visibleInstance(kind, request.parameters.string("InstanceId"), request)?.[0];
  if (account === undefined || account.record.deleted === true)
    throw new TencentCloudError(
      "ResourceNotFound.InstanceNotExists",
      "No Redis instance is found by the serialId.",
    );
  return account;
}

/**
 * A wrong old password and a weak new one get the same code: `ModifyInstancePassword` documents it
 * for the former, and `ResetPassword`, which has no old password, lists it too.
 */
function checkRule(policy: PasswordPolicy, password: string): void {
  if (policy.violations(password).length > 0) throw passwordRuleError();
}

function passwordRuleError(): TencentCloudError {
  return new TencentCloudError(
    "InvalidParameterValue.PasswordRuleError",
    "When the password is set, the old password passed in by MC does not match the previously set password.",
  );
}

function emptyParameter(): TencentCloudError {
  return new TencentCloudError("InvalidParameter.EmptyParam", "The parameter is empty.");
}

/** The answer comes at once; the password is another one when the task has succeeded. */
function startTask(
  { emulation, region, taskFails }: ActionRequest,
  account: Account,
  { password, noAuth }: { readonly password: string; readonly noAuth: boolean },
): object {
  const { record } = account;
  const task = emulation.tasks.start(String(record.instanceId), region, noAuth ? "035" : "007");
  const taskMs = record.taskMs ?? defaultTaskMs;
  const change = ++account.begun;
  emulation.changes.later(taskMs / 5, () => {
    // In a process that stood still, timers of different lengths may come in the wrong order.
    if (task.status === "preparing") task.status = "running";
  });
  emulation.changes.later(taskMs, async () => {
    try {
      if (!taskFails) await emulation.accounts.setPassword(account, password, noAuth);
      task.status = taskFails ? "failed" : "succeed";
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      task.status = "failed";
    }
    account.ended = change;
  });
  return { TaskId: task.id };
}

function describeTaskInfo({ parameters, emulation }: ActionRequest): object {
  const task = emulation.tasks.get(parameters.integer("TaskId", -1));
  if (task === undefined)
    throw new TencentCloudError("InvalidParameter.InvalidParameter", "Invalid service parameter.");
  return {
    Status: task.status,
    StartTime: beijingTime(task.startTime),
    TaskType: task.type,
    InstanceId: task.instanceId,
    TaskMessage: task.status === "failed" ? "The password could not be set." : "",
  };
}

/** An instance that does not exist is an empty list: the action documents no code for it. */
function describeInstances(request: ActionRequest): object {
  const { parameters, emulation, region } = request;
  const accounts = visibleInstances(kind, request)
    .filter((id) => !parameters.has("InstanceId") || id === parameters.string("InstanceId"))
    .flatMap((id) => emulation.accounts.ofInstance(kind, id, { region }).slice(0, 1))
    .filter(({ record }) => record.deleted !== true);
  const shown = page(accounts, parameters.integer("Offset", 0), parameters.integer("Limit", 20));
  return {
    TotalCount: accounts.length,
    InstanceSet: shown.map((account) => ({
      InstanceId: account.record.instanceId,
      InstanceName: account.record.instanceId,
      Region: region,
      Status: isChanging(account) ? statusInFlow : instanceStatus([account], statusRunning),
      NoAuth: account.record.noAuth ?? false,
    })),
  };
}

/** The instance's password is that of its account `root`; the emulator has no other. */
function describeInstanceAccount(request: ActionRequest): object {
  const { parameters } = request;
  const account = instance(request);
  const limit = parameters.integer("Limit", 20);
  const offset = parameters.integer("Offset", 0);
  if (limit < 1 || limit > 100 || offset < 0)
    throw new TencentCloudError(
      "InvalidParameter.InvalidParameter",
      "Limit must be 1 to 100, Offset 0 or more.",
    );
  const { record } = account;
  const root = {
    InstanceId: record.instanceId,
    AccountName: "root",
    Remark: "",
    Privilege: "rw",
    ReadonlyPolicy: ["master"],
    Status: isChanging(account) ? accountChanging : (record.status ?? accountValid),
    // Empty where the vendor has not recorded it, as for old accounts.
    PasswordLastModifiedTime:
      record.passwordModifiedTime === undefined ? "" : beijingTime(record.passwordModifiedTime),
  };
  return { TotalCount: 1, Accounts: page([root], offset, limit) };
}
