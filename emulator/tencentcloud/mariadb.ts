import { kinds } from "../account-record";
import { type Account, createTime, modifiedTime } from "../accounts";
import { mariadbPolicy } from "../../provider/tencentcloud/mariadb";
import { TencentCloudError } from "./envelope";
import {
  type ActionRequest,
  beijingTime,
  instanceStatus,
  isInstanceDeleted,
  page,
  type ProductOf,
  visibleInstances,
} from "./product";

const kind = kinds.mariadb;

/** TencentDB for MariaDB, API 2017-03-12. */
export const mariadb: ProductOf<"mariadb"> = {
  service: "mariadb",
  version: "2017-03-12",
  kind,
  actions: {
    ResetAccountPassword: {
      perSecond: 20,
      write: true,
      denied: "UnauthorizedOperation.PermissionDenied",
      parameters: {
        InstanceId: "string*",
        UserName: "string*",
        Host: "string*",
        Password: "string",
        EncryptedPassword: "string",
      },
      instances: (parameters) => [parameters.string("InstanceId")],
      account: (parameters) => ({
        userName: parameters.string("UserName"),
        host: parameters.string("Host"),
      }),
      answer: resetAccountPassword,
    },
    DescribeAccounts: {
      perSecond: 20, // not documented here; the twin product DCDB names 20
      denied: "UnauthorizedOperation.PermissionDenied",
      parameters: { InstanceId: "string*" },
      instances: (parameters) => [parameters.string("InstanceId")],
      answer: describeAccounts,
    },
    DescribeDBInstances: {
      perSecond: 200,
      denied: "UnauthorizedOperation.PermissionDenied",
      parameters: { InstanceIds: "string[]", Offset: "integer", Limit: "integer" },
      instances: (parameters) => parameters.strings("InstanceIds"),
      answer: describeDBInstances,
    },
  },
};

/** Statuses of an instance: 1 in a flow, 2 running, -2 deleted, and others. */
const statusRunning = 2;

async function resetAccountPassword(request: ActionRequest): Promise<object> {
  const { parameters, emulation } = request;
  const accounts = instance(request);
  checkStatus(accounts);
  // There is no API that hands out the public key, so nobody can encrypt for it.
  if (parameters.has("EncryptedPassword"))
    throw new TencentCloudError(
      "InvalidParameter.GenericParameterError",
      "EncryptedPassword cannot be decrypted.",
    );
  if (!parameters.has("Password"))
    throw new TencentCloudError("MissingParameter", "The parameter Password is missing.");
  const password = parameters.string("Password");
  checkPassword(password);
  const account = accounts.find(
    ({ record }) =>
      record.userName === parameters.string("UserName") &&
      record.host === parameters.string("Host"),
  );
  // The page documents no code for an account that does not exist.
  if (account === undefined || account.record.deleted === true)
    throw new TencentCloudError(
      "FailedOperation.ResetPasswordFailed",
      "Failed to reset the account password.",
    );
  await emulation.accounts.setPassword(account, password);
  return {};
}

function checkPassword(password: string): void {
  const violations = mariadbPolicy.violations(password);
  if (violations.length === 0) return;
  if (/[;'"]|[^\x20-\x7e]|\s/.test(password))
    throw new TencentCloudError(
      "InvalidParameter.CharacterError",
      "The password contains invalid characters.",
    );
  throw new TencentCloudError(
    "InvalidParameter.GenericParameterError",
    "The password must have 6 to 32 characters.",
  );
}

/**
 * The accounts of the instance. `InstanceAlreadyDeleted` is the only code of this product for one
 * that is gone; for one that never was there is none, so it is a wrong parameter.
 */
function instance(request: ActionRequest): readonly Account[] {
  const { parameters, emulation, region } = request;
  const accounts = emulation.accounts.ofInstance(kind, parameters.string("InstanceId"), { region });
  if (accounts.length === 0)
    throw new TencentCloudError(
      "InvalidParameter.GenericParameterError",
      "An error occurred while verifying parameter validity.",
    );
  if (isInstanceDeleted(accounts) || instanceStatus(accounts, statusRunning) === -2)
    throw new TencentCloudError(
      "ResourceUnavailable.InstanceAlreadyDeleted",
      "The database instance has been deleted.",
    );
  return accounts;
}

function checkStatus(accounts: readonly Account[]): void {
  const status = instanceStatus(accounts, statusRunning);
  if (status === 1)
    throw new TencentCloudError(
      "ResourceUnavailable.InstanceHasBeenLocked",
      "The database instance has been locked. Operations are not allowed.",
    );
  if (status !== statusRunning)
    throw new TencentCloudError(
      "ResourceUnavailable.InstanceStatusAbnormal",
      "Incorrect database instance status. Operations are not allowed.",
    );
}

/** All accounts at once: this product has neither pages nor filters. */
function describeAccounts(request: ActionRequest): object {
  const accounts = instance(request).filter(({ record }) => record.deleted !== true);
  return {
    InstanceId: request.parameters.string("InstanceId"),
    Users: accounts.map(({ record }) => ({
      UserName: record.userName,
      Host: record.host,
      Description: record.description ?? "",
      CreateTime: beijingTime(createTime(record)),
      UpdateTime: beijingTime(modifiedTime(record)),
      ReadOnly: 0,
      DelayThresh: 0,
      SlaveConst: 0,
      MaxUserConnections: 0,
    })),
  };
}

function describeDBInstances(request: ActionRequest): object {
  const { parameters, emulation, region } = request;
  const wanted = parameters.strings("InstanceIds");
  const ids = visibleInstances(kind, request).filter(
    (id) => wanted.length === 0 || wanted.includes(id),
  );
  const limit = parameters.integer("Limit", 20);
  return {
    TotalCount: ids.length,
    Instances: page(ids, parameters.integer("Offset", 0), limit).map((id) => {
      const accounts = emulation.accounts.ofInstance(kind, id, { region });
      const status = instanceStatus(accounts, statusRunning);
      return {
        InstanceId: id,
        InstanceName: id,
        Region: region,
        Status: status,
        Locker: status === 1 ? 1 : 0,
      };
    }),
  };
}
