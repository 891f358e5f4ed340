import { RunError } from "@pulumi/pulumi";
import { inspect } from "node:util";
import { AccountPasswordError } from "../provider/errors";

const error = new AccountPasswordError("NOT_FOUND", "Cannot do this: it is not there", {
  vendorCode: "ResourceNotFound",
  requestId: "r-1",
});

test("the text ends with the code, the vendor's code and the request", () => {
  expect(error.message).toBe(
    "Cannot do this: it is not there (NOT_FOUND, ResourceNotFound, request r-1)",
  );
});

test("a program that fails with it prints the text alone", () => {
  expect(RunError.isInstance(error)).toBe(true);
});

test("it has no stack: a frame of the SDK's would never end in util.inspect of Node 20", () => {
  expect(error.stack).toBe("");
  expect(inspect(error, { colors: true })).toContain("NOT_FOUND");
});
