export { ServicecombAccountPassword } from "./servicecomb";
export type { ServicecombAccountPasswordArgs } from "./servicecomb";
