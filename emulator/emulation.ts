import type { Accounts } from "./accounts";
import type { Clock } from "./clock";
import type { Faults } from "./faults";
import type { EngineTokens } from "./huaweicloud/engine-tokens";
import type { IamTokens } from "./huaweicloud/iam";
import type { LockOut } from "./huaweicloud/lock-out";
import type { RateLimit } from "./rate-limit";
import type { RequestLog } from "./request-log";
import type { Schedule } from "./schedule";
import type { Tasks } from "./tencentcloud/tasks";

/** Everything that the emulator remembers. */
export interface Emulation {
  readonly clock: Clock;
  readonly accounts: Accounts;
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly rateLimit: RateLimit;
  readonly tasks: Tasks;
  readonly iamTokens: IamTokens;
  readonly engineTokens: EngineTokens;
  readonly lockOut: LockOut;
  /** Changes of passwords that a vendor finishes after its answer. */
  readonly changes: Schedule;
  /** What faults have postponed. */
  readonly postponed: Schedule;
}
