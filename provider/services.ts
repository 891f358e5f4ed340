/** The table of services: one line each. */
import type { AccountService } from "./account-service";
import { servicecomb } from "./huaweicloud/servicecomb";
import { mariadb } from "./tencentcloud/mariadb";
import { postgresql } from "./tencentcloud/postgresql";
import { redis } from "./tencentcloud/redis";
import { tcr } from "./tencentcloud/tcr";

const all: readonly AccountService[] = [tcr, mariadb, postgresql, redis, servicecomb];

export const services: ReadonlyMap<string, AccountService> = new Map(
  all.map((service) => [service.type, service]),
);
