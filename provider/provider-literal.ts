/**
 * The text that stands in every resource's state in place of provider code.
 *
 * Pulumi's host evaluates it in the program's folder. It names one module path of this package and
 * the resource's type, so a new release reaches old stacks without touching their state. It never
 * changes again: another text would be an update of every resource of every user.
 *
 * @param type The resource's type without Pulumi's prefix, such as `"password:RotatingPassword"`.
 */
export function providerLiteral(type: string): string {
  return `exports.handler=()=>require("pulumi-account-passwords/provider").handler("${type}")`;
}
