import { kinds } from "../account-record";
import { type Account, createTime, isChanging, modifiedTime } from "../accounts";
import { BackendError } from "../backends";
import { postgresqlPolicy } from "../../provider/tencentcloud/postgresql";
import { TencentCloudError } from "./envelope";
import {
  type ActionRequest,
  beijingTime,
  instanceStatus,
  page,
  type ProductOf,
  visibleInstance,
} from "./product";

const kind = kinds.postgresql;

/** TencentDB for PostgreSQL, API 2017-03-12. Its host label is `postgres`. */
export const postgres: ProductOf<"postgres"> = {
  service: "postgres",
  version: "2017-03-12",
  kind,
  actions: {
    ResetAccountPassword: {
      perSecond: 100,
      write: true,
      denied: "AuthFailure.UnauthorizedOperation",
      parameters: { DBInstanceId: "string*", UserName: "string*", Password: "string*" },
      instances: (parameters) => [parameters.string("DBInstanceId")],
      account: (parameters) => ({ userName: parameters.string("UserName") }),
      answer: resetAccountPassword,
    },
    DescribeAccounts: {
      perSecond: 1000,
      denied: "AuthFailure.UnauthorizedOperation",
      parameters: {
        DBInstanceId: "string*",
        Limit: "integer",
        Offset: "integer",
        OrderBy: "string",
        OrderByType: "string",
      },
      instances: (parameters) => [parameters.string("DBInstanceId")],
      answer: describeAccounts,
    },
    DescribeDBInstanceAttribute: {
      perSecond: 100, // not documented where the others are: the rate of the product's changes
      denied: "AuthFailure.UnauthorizedOperation",
      parameters: { DBInstanceId: "string*" },
      instances: (parameters) => [parameters.string("DBInstanceId")],
      answer: describeDBInstanceAttribute,
    },
  },
};

/** Statuses of an account: 1 creating, 2 normal, 3 modifying, 4 password resetting, 5 locked. */
const statusNormal = 2;
const statusPasswordResetting = 4;
const defaultResetMs = 150;

/**
 * The answer says that the reset was accepted. Until it is done, the account has status 4 and the
 * old password logs in. A second reset meanwhile is accepted and wins. One that fails in the real
 * server does not end, as far as can be seen, before a later one does.
 */
async function resetAccountPassword(request: ActionRequest): Promise<object> {
  const { parameters, emulation } = request;
  const accounts = instance(request);
  if (instanceStatus(accounts, "running") !== "running")
    // Not on the action's page, but the product's code for it (terraform-provider-tencentcloud).
    throw new TencentCloudError(
      "OperationDenied.InstanceStatusLimitError",
      "This operation cannot be performed in the current instance status.",
    );
  const name = parameters.string("UserName");
  const account = accounts.find(({ record }) => record.userName === name);
  if (account === undefined || account.record.deleted === true)
    throw new TencentCloudError(
      "InvalidParameterValue.AccountNotExistError",
      "The account does not exist.",
    );
  if (account.record.cam === true)
    throw new TencentCloudError(
      "FailedOperation.CheckAccountCAMCloseError",
      "CAM is enabled for the account.",
    );
  const password = parameters.string("Password");
  checkPassword(password);
  await emulation.accounts.backends.check(account);
  const reset = ++account.begun;
  emulation.changes.later(account.record.resetMs ?? defaultResetMs, async () => {
    try {
      await emulation.accounts.setPassword(account, password);
      account.ended = Math.max(account.ended, reset);
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
    }
  });
  return {};
}

function checkPassword(password: string): void {
  if (postgresqlPolicy.violations(password).length === 0) return;
  const { minLength, maxLength } = postgresqlPolicy.loosest;
  if (/[^\x20-\x7e]/.test(password))
    throw new TencentCloudError(
      "InvalidParameterValue.InvalidPasswordFormat",
      "Incorrect password format.",
    );
  if (password.length < minLength || password.length > maxLength)
    throw new TencentCloudError(
      "InvalidParameterValue.InvalidPasswordLengthError",
      "Invalid password. The password length does not meet the requirements.",
    );
  throw new TencentCloudError(
    "InvalidParameterValue.InvalidPasswordValueError",
    "Invalid password. The password must contain uppercase letters, lowercase letters, digits, and symbols (()`~!@#$%^&*-+=_|{}[]:;'<>,.?/), and cannot start with a slash (/).",
  );
}

function instance(request: ActionRequest): readonly Account[] {
  const accounts = visibleInstance(kind, request.parameters.string("DBInstanceId"), request);
  if (accounts === undefined)
    throw new TencentCloudError(
      "ResourceNotFound.InstanceNotFoundError",
      "The instance does not exist.",
    );
  return accounts;
}

/** `TotalCount` is the number of rows in this answer, as the page says. */
function describeAccounts(request: ActionRequest): object {
  const { parameters } = request;
  const accounts = instance(request).filter(({ record }) => record.deleted !== true);
  const limit = parameters.integer("Limit", 20);
  const offset = parameters.integer("Offset", 0);
  if (limit < 1 || limit > 100 || offset < 0)
    throw new TencentCloudError(
      "InvalidParameterValue.InvalidParameterValueError",
      "Limit must be 1 to 100, Offset 0 or more.",
    );
  const sorted = sort(accounts, parameters.string("OrderBy"), parameters.string("OrderByType"));
  const details = page(sorted, offset, limit).map(detail);
  return { TotalCount: details.length, Details: details };
}

function sort(accounts: readonly Account[], by: string, type: string): readonly Account[] {
  if (by === "") return accounts;
  const keys: Record<string, (account: Account) => string> = {
    createTime: ({ record }) => createTime(record),
    name: ({ record }) => String(record.userName),
    updateTime: ({ record }) => modifiedTime(record),
  };
  const key = keys[by];
  if (key === undefined || !["", "asc", "desc"].includes(type))
    throw new TencentCloudError(
      "InvalidParameterValue.InvalidParameterValueError",
      "OrderBy must be createTime, name or updateTime, OrderByType asc or desc.",
    );
  const sorted = [...accounts].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  return type === "desc" ? sorted.reverse() : sorted;
}

function detail(account: Account): object {
  const { record } = account;
  const { passwordModifiedTime } = record;
  return {
    DBInstanceId: record.instanceId,
    UserName: record.userName,
    Remark: "",
    Status: isChanging(account) ? statusPasswordResetting : (record.status ?? statusNormal),
    CreateTime: beijingTime(createTime(record)),
    UpdateTime: beijingTime(modifiedTime(record)),
    // Recorded since 2025-10-31, and only for changes by API or console.
    PasswordUpdateTime:
      passwordModifiedTime === undefined
        ? "0000-00-00 00:00:00"
        : beijingTime(passwordModifiedTime),
    UserType: "normal",
    OpenCam: record.cam ?? false,
  };
}

function describeDBInstanceAttribute(request: ActionRequest): object {
  const accounts = instance(request);
  const id = request.parameters.string("DBInstanceId");
  return {
    DBInstance: {
      DBInstanceId: id,
      DBInstanceName: id,
      DBInstanceStatus: instanceStatus(accounts, "running"),
      Region: request.region,
    },
  };
}
