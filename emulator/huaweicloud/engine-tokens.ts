import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Clock } from "../clock";
import { ServicecombError } from "./errors";

/** What a token says of its bearer. Roles are frozen in it, a changed password does not end it. */
export interface Claims {
  readonly account: string;
  readonly roles: readonly string[];
}

const header = encode({ alg: "HS512", typ: "JWT" });

/**
 * RBAC tokens of the engines, in the form of the Service Center's: a JWT with the claims account,
 * roles and exp. Each engine signs with a key of its own that lives as long as the process.
 */
export class EngineTokens {
  readonly #key = randomBytes(64);

  constructor(readonly clock: Clock) {}

  create(engineId: string, { account, roles }: Claims, lifetimeSeconds: number): string {
    const exp = Math.floor(this.clock.now() / 1000) + lifetimeSeconds;
    const content = `${header}.${encode({ account, exp, roles })}`;
    return `${content}.${this.#signature(engineId, content).toString("base64url")}`;
  }

  /** Whether that engine has made the token of the `Authorization` header, expired or not. */
  isOf(engineId: string, authorization: string | undefined): boolean {
    const [, token = ""] = (authorization ?? "").split(" ");
    return this.#isSigned(engineId, token);
  }

  /** The word before the token is not looked at, but it must be there, with one blank. */
  verify(engineId: string, authorization: string | undefined): Claims {
    if (authorization === undefined || authorization === "") throw new ServicecombError(401204);
    const parts = authorization.split(" ");
    const [, token = ""] = parts;
    if (parts.length !== 2) throw new ServicecombError(401201, "invalid auth header");
    if (token.split(".").length !== 3)
      throw new ServicecombError(401201, "token contains an invalid number of segments");
    if (!this.#isSigned(engineId, token))
      throw new ServicecombError(401201, "signature is invalid");
    const claims = JSON.parse(
      Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"),
    ) as Claims & { exp: number };
    if (this.clock.now() >= claims.exp * 1000)
      throw new ServicecombError(401205, "token is expired");
    return { account: claims.account, roles: claims.roles };
  }

  #isSigned(engineId: string, token: string): boolean {
    const [head = "", claims = "", signature = ""] = token.split(".");
    const given = Buffer.from(signature, "base64url");
    const wanted = this.#signature(engineId, `${head}.${claims}`);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  #signature(engineId: string, content: string): Buffer {
    const key = createHmac("sha512", this.#key).update(engineId).digest();
    return createHmac("sha512", key).update(content).digest();
  }
}

function encode(json: object): string {
  return Buffer.from(JSON.stringify(json)).toString("base64url");
}
