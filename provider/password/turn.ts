import * as pulumi from "@pulumi/pulumi";
import { providerLiteral } from "../provider-literal";

export interface TurnArgs {
  /** The newest turn of this account that the schedule has called for. */
  readonly due: pulumi.Input<number>;
  /** In this account's own turn: what became of the other one. */
  readonly other: pulumi.Input<{ turn: number; changedAt: string; refused: boolean } | undefined>;
  /** What the account is called in texts. */
  readonly account: pulumi.Input<string>;
}

/** Remembers which turns one account of an `AlternatingPasswords` has taken. It calls no vendor. */
export class Turn extends pulumi.CustomResource {
  /** The last turn that the account has taken. */
  declare readonly turn: pulumi.Output<number>;

  constructor(name: string, args: TurnArgs, opts: pulumi.CustomResourceOptions) {
    const inputs = { ...args, turn: undefined, __provider: providerLiteral("password:Turn") };
    super("pulumi-nodejs:dynamic/password:Turn", name, inputs, opts);
  }
}
