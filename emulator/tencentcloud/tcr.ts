import { randomInt } from "node:crypto";
import { bareName, kinds } from "../account-record";
import { type Account, createTime, modifiedTime } from "../accounts";
import { tcrPolicy } from "../../provider/tencentcloud/tcr";
import { TencentCloudError } from "./envelope";
import {
  type ActionRequest,
  beijingIsoTime,
  instanceStatus,
  page,
  type ProductOf,
  visibleInstance,
  visibleInstances,
} from "./product";

const kind = kinds.tcr;

/** Tencent Container Registry, API 2019-09-24. */
export const tcr: ProductOf<"tcr"> = {
  service: "tcr",
  version: "2019-09-24",
  kind,
  actions: {
    ModifyServiceAccountPassword: {
      perSecond: 20,
      write: true,
      denied: "UnauthorizedOperation",
      parameters: {
        RegistryId: "string*",
        Name: "string*",
        Random: "boolean*",
        Password: "string",
      },
      instances: (parameters) => [parameters.string("RegistryId")],
      account: (parameters) => ({ accountName: bareName(parameters.string("Name")) }),
      answer: modifyServiceAccountPassword,
    },
    DescribeServiceAccounts: {
      perSecond: 20,
      denied: "UnauthorizedOperation",
      parameters: {
        RegistryId: "string*",
        All: "boolean",
        EmbedPermission: "boolean",
        Filters: "Filter[]",
        Offset: "integer",
        Limit: "integer",
      },
      instances: (parameters) => [parameters.string("RegistryId")],
      answer: describeServiceAccounts,
    },
    DescribeInstances: {
      perSecond: 20, // the page names none: the usual rate of this product
      denied: "UnauthorizedOperation",
      parameters: {
        Registryids: "string[]", // the vendor's spelling
        Filters: "Filter[]",
        Offset: "integer",
        Limit: "integer",
        AllRegion: "boolean",
      },
      instances: (parameters) => parameters.strings("Registryids"),
      answer: describeInstances,
    },
  },
};

/**
 * The page (API 2019-09-24, read in its version of 2024-03-21) documents five codes, none for an
 * instance or an account that does not exist. Chosen here: `InvalidParameter` for the instance, and
 * for the account the vague `FailedOperation`, which a client cannot tell from a change that went
 * wrong half-way.
 */
async function modifyServiceAccountPassword(request: ActionRequest): Promise<object> {
  const { parameters, emulation } = request;
  const accounts = visibleInstance(kind, parameters.string("RegistryId"), request);
  if (accounts === undefined)
    throw new TencentCloudError("InvalidParameter", "The registry does not exist.");
  if (instanceStatus(accounts, "Running") !== "Running")
    throw new TencentCloudError("OperationDenied", "The registry is not running.");
  const name = bareName(parameters.string("Name"));
  const account = accounts.find(({ record }) => record.accountName === name);
  if (account === undefined || account.record.deleted === true)
    throw new TencentCloudError("FailedOperation", "Operation failed.");
  const password = parameters.boolean("Random") ? randomPassword() : parameters.string("Password");
  if (!parameters.boolean("Random") && tcrPolicy.violations(password).length > 0)
    throw new TencentCloudError(
      "InvalidParameter",
      "Password must have 8 to 20 characters with an upper-case letter, a lower-case letter and a number.",
    );
  await emulation.accounts.setPassword(account, password);
  return { Password: password }; // the vendor echoes a chosen password too
}

/** As the page's example: 32 letters and digits, longer than a chosen password may be. */
function randomPassword(): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const password = Array.from({ length: 32 }, () => letters[randomInt(letters.length)]).join("");
  const complete = [/[A-Z]/, /[a-z]/, /[0-9]/].every((needed) => needed.test(password));
  return complete ? password : randomPassword();
}

function describeServiceAccounts(request: ActionRequest): object {
  const { parameters } = request;
  const accounts = visibleInstance(kind, parameters.string("RegistryId"), request);
  if (accounts === undefined)
    throw new TencentCloudError("ResourceNotFound", "The registry does not exist.");
  const wanted = parameters.filter("ServiceAccountName")?.map(bareName);
  const found = accounts.filter(
    ({ record }) =>
      record.deleted !== true &&
      (wanted === undefined || wanted.includes(String(record.accountName))),
  );
  const shown = parameters.boolean("All")
    ? found
    : page(found, parameters.integer("Offset", 0), pageSize(parameters.integer("Limit", 0)));
  return {
    ServiceAccounts: shown.length === 0 ? null : shown.map(serviceAccount), // null, never []
    TotalCount: found.length,
  };
}

/** A larger limit counts as the largest (page of DescribeServiceAccounts, 2025-10-30). */
function pageSize(limit: number): number {
  return limit <= 0 ? 20 : Math.min(limit, 100);
}

function serviceAccount({ record }: Account): object {
  return {
    Name: `tcr$${record.accountName}`,
    Description: record.description ?? "",
    Disable: record.disabled ?? false,
    // What stands there for an account that never expires is not documented: the year 2100.
    ExpiresAt: record.expiresAt ?? Date.UTC(2100, 0, 1),
    CreateTime: beijingIsoTime(createTime(record)),
    UpdateTime: beijingIsoTime(modifiedTime(record)),
    Permissions: [],
  };
}

function describeInstances(request: ActionRequest): object {
  const { parameters, emulation, region } = request;
  const asked = parameters.strings("Registryids");
  const wanted = asked.length > 0 ? asked : parameters.filter("RegistryId");
  const ids = visibleInstances(kind, request, parameters.boolean("AllRegion")).filter(
    (id) => wanted?.includes(id) ?? true,
  );
  const shown = page(
    ids,
    parameters.integer("Offset", 0),
    pageSize(parameters.integer("Limit", 0)),
  );
  return {
    TotalCount: ids.length,
    Registries: shown.map((id) => {
      const accounts = emulation.accounts.ofInstance(kind, id, {});
      return {
        RegistryId: id,
        RegistryName: id,
        RegistryType: "standard",
        Status: instanceStatus(accounts, "Running"),
        RegionName: accounts[0]?.record.region ?? region,
      };
    }),
  };
}
