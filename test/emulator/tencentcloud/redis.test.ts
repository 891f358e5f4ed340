import type { Emulator } from "../../../emulator";
import { opens, post, sleep, start, until } from "../support/emulator";
import { api, errorCode } from "../support/tencentcloud";

const type = "tencentcloud:RedisInstancePassword";
const instance = { instanceId: "crs-5a4p1234" };
let emulator: Emulator;

beforeAll(async () => {
  emulator = await start({
    accounts: { tencentcloud: { redis: [{ ...instance, password: "zy45Old_pw" }] } },
  });
});
beforeEach(async () => {
  await post(emulator, "reset");
});

function modify(body: object = {}) {
  return {
    service: "redis",
    action: "ModifyInstancePassword",
    body: {
      InstanceId: "crs-5a4p1234",
      OldPassword: "zy45Old_pw",
      Password: "4569New_pw",
      ...body,
    },
  } as const;
}

function reset(body: object = {}) {
  return {
    service: "redis",
    action: "ResetPassword",
    body: { InstanceId: "crs-5a4p1234", Password: "4569New_pw", ...body },
  } as const;
}

async function task(TaskId: number) {
  return api(emulator, { service: "redis", action: "DescribeTaskInfo", body: { TaskId } });
}

async function ended(TaskId: number) {
  return until(
    () => task(TaskId),
    (answer) => !["preparing", "running"].includes(answer["Status"]),
  );
}

function set(fields: object) {
  return post(emulator, "accounts", { tencentcloud: { redis: [{ ...instance, ...fields }] } });
}

async function read(action: "DescribeInstances" | "DescribeInstanceAccount") {
  const answer = await api(emulator, {
    service: "redis",
    action,
    body: { InstanceId: "crs-5a4p1234" },
  });
  return (answer["InstanceSet"] ?? answer["Accounts"])[0];
}

test.each([
  ["ModifyInstancePassword", modify()],
  ["ResetPassword", reset()],
])("%s takes effect when its task ends", async (_name, call) => {
  await set({ taskMs: 500 });
  const { TaskId } = await api(emulator, call);
  expect(Number.isInteger(TaskId)).toBe(true);
  expect(["preparing", "running"]).toContain((await task(TaskId))["Status"]);
  expect(await opens(emulator, type, instance, "zy45Old_pw")).toBe(true);
  expect(await opens(emulator, type, instance, "4569New_pw")).toBe(false);
  expect((await read("DescribeInstances")).Status).toBe(1);
  expect((await read("DescribeInstanceAccount")).Status).toBe(1);

  expect(await errorCode(emulator, modify())).toBe("ResourceUnavailable.InstanceLockedError");
  expect(await errorCode(emulator, reset())).toBe("ResourceUnavailable.InstanceLockedError");

  await until(
    () => task(TaskId),
    (answer) => answer["Status"] === "running",
  );
  expect(await ended(TaskId)).toMatchObject({
    Status: "succeed",
    InstanceId: "crs-5a4p1234",
    TaskType: "007",
    TaskMessage: "",
  });
  expect(await opens(emulator, type, instance, "4569New_pw")).toBe(true);
  expect(await opens(emulator, type, instance, "zy45Old_pw")).toBe(false);
  expect((await read("DescribeInstances")).Status).toBe(2);
});

test("a stale writer's old password is refused, the new one equal to the old is not", async () => {
  expect(await errorCode(emulator, modify({ OldPassword: "another_pw1" }))).toBe(
    "InvalidParameterValue.PasswordRuleError",
  );
  const { TaskId } = await api(emulator, modify({ Password: "zy45Old_pw" }));
  expect((await ended(TaskId))["Status"]).toBe("succeed");
});

test("PasswordLastModifiedTime is empty until the task of the first change has ended", async () => {
  const { TaskId } = await api(emulator, modify());
  expect((await read("DescribeInstanceAccount")).PasswordLastModifiedTime).toBe("");
  await ended(TaskId);
  const { PasswordLastModifiedTime } = await read("DescribeInstanceAccount");
  expect(Math.abs(Date.parse(`${PasswordLastModifiedTime}+08:00`) - Date.now())).toBeLessThan(5000);
});

test.each([
  [modify({ Password: "4569New" }), "InvalidParameterValue.PasswordRuleError"],
  [modify({ Password: "4569New_pw".repeat(3) + "x" }), "InvalidParameterValue.PasswordRuleError"],
  [modify({ Password: "onlyletters".toLowerCase() }), "InvalidParameterValue.PasswordRuleError"],
  [modify({ Password: "/4569New_pw" }), "InvalidParameterValue.PasswordRuleError"],
  [modify({ Password: "" }), "InvalidParameter.EmptyParam"],
  [modify({ OldPassword: "" }), "InvalidParameter.EmptyParam"],
  [modify({ OldPassword: undefined }), "MissingParameter"],
  [modify({ InstanceId: "crs-none" }), "ResourceNotFound.InstanceNotExists"],
  [reset({ Password: "4569New_pw".repeat(3) + "xyz" }), "InvalidParameterValue.PasswordRuleError"],
  [reset({ Password: undefined }), "InvalidParameter.EmptyParam"],
  [reset({ EncryptPassword: true }), "InvalidParameter.InvalidParameter"],
  [reset({ InstanceId: "crs-none" }), "ResourceNotFound.InstanceNotExists"],
  [reset({ Password: "4569New_pw".repeat(3) + "xy" }), undefined], // 32 characters
])("%j gets %p", async (call, code) => {
  expect(await errorCode(emulator, call)).toBe(code);
});

test.each([
  [{ instanceStatus: 1 }, "ResourceUnavailable.InstanceStatusAbnormal"],
  [{ instanceStatus: -2 }, "ResourceUnavailable.InstanceStatusAbnormal"],
  [{ instanceDeleted: true }, "ResourceNotFound.InstanceNotExists"],
  [{ noAuth: true }, "InvalidParameterValue.PasswordError"],
])("an instance with %p gets %p", async (fields, code) => {
  await set(fields);
  expect(await errorCode(emulator, modify())).toBe(code);
  await sleep(200); // longer than a task: none was started
  expect(await opens(emulator, type, instance, "4569New_pw")).toBe(false);
});

test("ResetPassword takes the password off with NoAuth, and sets one again", async () => {
  await ended((await api(emulator, reset({ NoAuth: true, Password: undefined })))["TaskId"]);
  expect((await read("DescribeInstances")).NoAuth).toBe(true);
  expect(await opens(emulator, type, instance, "zy45Old_pw")).toBe(false);
  await ended((await api(emulator, reset()))["TaskId"]);
  expect((await read("DescribeInstances")).NoAuth).toBe(false);
  expect(await opens(emulator, type, instance, "4569New_pw")).toBe(true);
});

test("a task that fails changes nothing and says so", async () => {
  await post(emulator, "faults", {
    service: "redis",
    action: "ModifyInstancePassword",
    when: "before",
    what: "taskFails",
  });
  // A fault for a task does not strike a call that starts none.
  await read("DescribeInstances");
  const { TaskId } = await api(emulator, modify());
  const end = await ended(TaskId);
  expect(end["Status"]).toBe("failed");
  expect(end["TaskMessage"]).not.toBe("");
  expect(await opens(emulator, type, instance, "zy45Old_pw")).toBe(true);
  expect((await ended((await api(emulator, modify()))["TaskId"]))["Status"]).toBe("succeed");
});

test("DescribeTaskInfo refuses a task that does not exist", async () => {
  expect((await task(1)).Error?.Code).toBe("InvalidParameter.InvalidParameter");
});

test("DescribeInstances answers an unknown instance with an empty list", async () => {
  const list = (InstanceId: string) =>
    api(emulator, { service: "redis", action: "DescribeInstances", body: { InstanceId } });
  expect(await list("crs-none")).toMatchObject({ TotalCount: 0, InstanceSet: [] });
  expect(await list("crs-5a4p1234")).toMatchObject({ TotalCount: 1 });
  await set({ instanceDeleted: true });
  expect(await list("crs-5a4p1234")).toMatchObject({ TotalCount: 0 });
});

test("DescribeInstances pages 120 instances", async () => {
  const many = await start({
    accounts: {
      tencentcloud: {
        redis: Array.from({ length: 120 }, (_, index) => ({
          instanceId: `crs-${index}`,
          password: "zy45Old_pw",
        })),
      },
    },
  });
  const page = (body: object) => api(many, { service: "redis", action: "DescribeInstances", body });
  expect((await page({}))["InstanceSet"]).toHaveLength(20);
  const last = await page({ Limit: 100, Offset: 100 });
  expect(last["TotalCount"]).toBe(120);
  expect(last["InstanceSet"]).toHaveLength(20);
  expect(last["InstanceSet"].at(-1).InstanceId).toBe("crs-119");
});

test("a task of a process that stood still has ended, and does not run again", async () => {
  const two = await start({
    accounts: {
      tencentcloud: {
        redis: ["crs-1", "crs-2"].map((instanceId) => ({
          instanceId,
          password: "zy45Old_pw",
          taskMs: 400,
        })),
      },
    },
  });
  const begin = (InstanceId: string) => api(two, modify({ InstanceId }));
  await begin("crs-1");
  await sleep(350);
  const { TaskId } = await begin("crs-2");
  // Timers of one length are looked at together: the end of the second comes with that of the first.
  const still = Date.now() + 500;
  while (Date.now() < still);
  await sleep(50);
  const call = { service: "redis", action: "DescribeTaskInfo", body: { TaskId } } as const;
  expect((await api(two, call))["Status"]).toBe("succeed");
  await two.close();
});
