import { huaweiCloud } from "../../emulator/credentials";
import { testService } from "../contract";

const { projectId } = huaweiCloud;

testService({
  type: "huaweicloud:ServicecombAccountPassword",
  noun: "ServiceComb account",
  account: (n) => ({
    region: "cn-north-4",
    projectId,
    engineId: `engine-${n}`,
    accountName: "alice",
  }),
  record: ({ engineId = "", accountName = "" }) => ({ engineId, accountName }),
  list: (servicecomb) => ({ huaweicloud: { servicecomb } }),
  passwords: ["Scb-before-1", "Scb-first-22", "Scb-second-333"],
  refusedPasswords: [
    ["too short", "Abc12_-", /8 to 32 characters/],
    ["too long", "Abcdefg_1".repeat(4), /8 to 32 characters/],
    ["no upper case", "abcdefg_1", /upper-case/],
    ["no lower case", "ABCDEFG_1", /lower-case/],
    ["no digit", "Abcdefgh_", /digit/],
    ["no symbol", "Abcdefgh1", /symbol/],
    ["a blank", "Abcdefg_ 1", /these symbols only/],
    ["a leading digit", "1Abcdefg_", /start with a letter/],
    ["a leading slash", "/Abcdefg1", /start with a letter/],
    ["not ASCII", "Abcdefg_1é", /ASCII/],
    ["empty", "", /not (be )?empty/],
  ],
  doubtfulPassword: "Abcdefg1,",
  ownArguments: { candidates: ["Scb-candidate-1"] },
  places: {
    region: ["HW_REGION_NAME", "huaweicloud:region", "cn-north-4"],
    projectId: ["HW_PROJECT_ID", "huaweicloud:projectId", projectId],
  },
  endpointVariables: [
    "HUAWEICLOUD_CSE_ENDPOINT",
    "HUAWEICLOUD_IAM_ENDPOINT",
    "SERVICECOMB_ENGINE_ENDPOINT",
  ],
  write: { service: "cse", action: "ChangeAccountPassword" },
  expectedRequest: ({ engineId = "" }, password) => ({
    path: `/v3/${projectId}/accounts/alice/password`,
    headers: {
      "content-type": "application/json;charset=UTF-8",
      "x-engine-id": engineId,
      "x-auth-token": /^\S+$/,
      "x-enterprise-project-id": "0",
      authorization: /^Bear [\w-]+\.[\w-]+\.[\w-]+$/,
    },
    body: `{"password":"${password}"}`,
  }),
  apiErrors: [
    ["400001", "PASSWORD_REJECTED"],
    ["400200", "NOT_FOUND"],
    ["403001", "PERMISSION_DENIED"],
    ["403202", "ACCOUNT_UNSUPPORTED"],
    ["401201", "AUTH_FAILED"],
  ],
  requestId: /^[0-9a-f]{32}$/,
  drops: true,
});
