import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { RunError } from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { refusal } from "../../components/refusal.ts";

test("a refusal is one that Pulumi shows as it is, without a stack to draw", () => {
  const error = refusal("invalid tuple");
  expect(RunError.isInstance(error)).toBe(true);
  expect([error.message, error.stack]).toEqual(["invalid tuple", ""]);
});

test("whatever ends the program on purpose is one", () => {
  const makers = readdirSync("components").filter(
    (file) => file.endsWith(".ts") && readFileSync(join("components", file), "utf8").includes("new pulumi.RunError("),
  );
  expect(makers).toEqual(["refusal.ts"]);
});
