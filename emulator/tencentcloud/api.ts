import type { Identity } from "../account-record";
import { BackendError } from "../backends";
import type { Call, Circumstances, HttpRequest, VendorReply } from "../call";
import type { Emulation } from "../emulation";
import { failure, success, TencentCloudError } from "./envelope";
import { mariadb } from "./mariadb";
import { Parameters } from "./parameters";
import { postgres } from "./postgres";
import { type Action, type Product, type ProductName } from "./product";
import { redis } from "./redis";
import { parseAuthorization, verifySignature } from "./signature";
import { tcr } from "./tcr";

const products: readonly Product[] = [tcr, mariadb, postgres, redis];

/** API 3.0: every action of every product is a `POST /`, told apart by its headers. */
export function tencentCloudCall(request: HttpRequest, emulation: Emulation): Call {
  const action = request.headers["x-tc-action"] ?? "";
  const parameters = Parameters.unchecked(request.body);
  const product = productOf(request, action, parameters);
  const definition = product && actionOf(product, action);
  return {
    service: product?.service ?? "unknown",
    action,
    account:
      product && definition ? identity(request, product, definition, parameters, emulation) : null,
    write: definition?.write ?? false,
    answer: (circumstances) => answer(request, product, action, emulation, circumstances),
    refuse: (code) => failure(code, "This answer was asked for by a fault."),
  };
}

/**
 * The product that the credential scope names. The vendor's Node SDK writes the first label of the
 * host there, such as `127`: then action and version decide, and for the two products that share
 * both, the name of their parameter.
 */
function productOf(
  request: HttpRequest,
  action: string,
  parameters: Parameters,
): Product | undefined {
  const scope = parseAuthorization(request.headers["authorization"])?.service;
  const named = products.find(({ service }) => service === scope);
  if (named !== undefined) return named;
  const version = request.headers["x-tc-version"];
  const able = products.filter((product) => actionOf(product, action) !== undefined);
  const fitting = able.filter((product) => product.version === version);
  if (fitting.length === 0) return able[0];
  if (fitting.length === 1) return fitting[0];
  const wanted: ProductName = parameters.has("DBInstanceId") ? "postgres" : "mariadb";
  return fitting.find(({ service }) => service === wanted);
}

function actionOf(product: Product, action: string): Action | undefined {
  return Object.hasOwn(product.actions, action) ? product.actions[action] : undefined;
}

function identity(
  request: HttpRequest,
  product: Product,
  definition: Action,
  parameters: Parameters,
  emulation: Emulation,
): Identity {
  const region = request.headers["x-tc-region"];
  const instances = definition.instances(parameters, emulation);
  const [instance] = instances;
  return {
    ...(region ? { region } : {}),
    ...(instance && instances.length === 1 ? { [product.kind.instance]: instance } : {}),
    ...definition.account?.(parameters),
  };
}

async function answer(
  request: HttpRequest,
  product: Product | undefined,
  action: string,
  emulation: Emulation,
  { taskFails }: Circumstances,
): Promise<VendorReply> {
  try {
    checkProtocol(request);
    const { secretId } = verifySignature(request);
    const definition = checkAction(request, product, action);
    if (product === undefined || definition === undefined) throw invalidAction();
    const key = `${secretId}/${product.service}/${action}`;
    if (!emulation.rateLimit.admits(key, definition.perSecond))
      throw new TencentCloudError(
        "RequestLimitExceeded",
        `The number of requests exceeds the frequency limit of ${definition.perSecond} per second.`,
      );
    const region = checkRegion(request);
    const parameters = Parameters.checked(request.body, definition.parameters);
    checkPermission(product, definition, action, parameters, region, emulation);
    return success(await definition.answer({ parameters, region, emulation, taskFails }));
  } catch (error) {
    if (error instanceof TencentCloudError) return failure(error.code, error.message);
    if (error instanceof BackendError) return failure("InternalError", "An internal error.");
    throw error;
  }
}

/** The vendor also takes GET and forms; a password would stand in the URL. */
function checkProtocol(request: HttpRequest): void {
  const contentType = request.headers["content-type"] ?? "";
  if (request.method !== "POST" || !/^application\/json\s*(;|$)/i.test(contentType))
    throw new TencentCloudError(
      "UnsupportedProtocol",
      "Requests must be POST with Content-Type application/json.",
    );
}

function checkAction(
  request: HttpRequest,
  product: Product | undefined,
  action: string,
): Action | undefined {
  const version = request.headers["x-tc-version"] ?? "";
  if (action === "" || version === "")
    throw new TencentCloudError(
      "MissingParameter",
      `The header ${action === "" ? "X-TC-Action" : "X-TC-Version"} is missing.`,
    );
  const definition = product && actionOf(product, action);
  if (definition === undefined) throw invalidAction();
  if (product?.version !== version)
    throw new TencentCloudError("NoSuchVersion", "The specified API version does not exist.");
  return definition;
}

function invalidAction(): TencentCloudError {
  return new TencentCloudError("InvalidAction", "The requested API does not exist.");
}

/** Required by the current pages of all four products, whatever older ones say. */
function checkRegion(request: HttpRequest): string {
  const region = request.headers["x-tc-region"] ?? "";
  if (region === "")
    throw new TencentCloudError("MissingParameter", "The header X-TC-Region is missing.");
  if (!/^[a-z]{2}-[a-z]+(-[a-z0-9]+)*$/.test(region))
    throw new TencentCloudError("UnsupportedRegion", "The region is not supported.");
  return region;
}

function checkPermission(
  product: Product,
  definition: Action,
  action: string,
  parameters: Parameters,
  region: string,
  emulation: Emulation,
): void {
  const denied = definition
    .instances(parameters, emulation)
    .flatMap((instance) => emulation.accounts.ofInstance(product.kind, instance, { region }))
    .some(({ record }) => record.deny?.includes(action));
  if (denied)
    throw new TencentCloudError(
      definition.denied,
      "You are not authorized to perform this operation.",
    );
}
