import { describe, expect, test } from "vitest";
import { limitsEnvironment, SettingsError, settingsFrom } from "../../infra/settings.ts";

test("everything has a default", () => {
  expect(settingsFrom({})).toMatchObject({
    name: "Scriptorium",
    capacity: "asg",
    instanceTypes: ["g6.xlarge", "g5.xlarge", "g4dn.xlarge"],
    model: "bundled",
    destroyData: false,
    sourceBuckets: {},
    alarms: false,
    dashboard: false,
  });
});

test("CDK's own context is let alone", () => {
  expect(
    settingsFrom({ "@aws-cdk/core:checkSecretUsage": true, "aws:cdk:bundling-stacks": [] }).maxWorkers,
  ).toBe(8);
});

describe("a value is read from the command line as from cdk.json:", () => {
  test.each([
    ["maxWorkers", "12", 12],
    ["maxWorkers", 12, 12],
    ["destroyData", "true", true],
    ["destroyData", false, false],
    ["instanceTypes", "g5.xlarge, g4dn.2xlarge", ["g5.xlarge", "g4dn.2xlarge"]],
    ["instanceTypes", ["g5.xlarge"], ["g5.xlarge"]],
    ["sourceBuckets", '{"tapes": ["acme"], "common": "*"}', { tapes: ["acme"], common: "*" }],
    ["sourceBuckets", { tapes: ["acme"] }, { tapes: ["acme"] }],
    [
      "corsOrigins",
      "https://a.example,http://localhost:3000",
      ["https://a.example", "http://localhost:3000"],
    ],
    ["limits", '{"durationSeconds": 7200}', { durationSeconds: 7200 }],
    ["zones", "eu-west-1a,eu-west-1b", ["eu-west-1a", "eu-west-1b"]],
    ["keepRecordingsDays", "30", 30],
  ])("%s=%j", (key, value, expected) => {
    expect(settingsFrom({ [key]: value })).toHaveProperty(key, expected);
  });
});

describe("what makes no sense is refused by name:", () => {
  test.each([
    [{ maxWorker: "8" }, /maxWorker: no such setting.*maxWorkers/],
    [{ maxWorkers: "many" }, /maxWorkers: /],
    [{ maxWorkers: "0" }, /maxWorkers: /],
    [{ maxWorkers: "1.5" }, /maxWorkers: .*whole number/],
    [{ capacity: "fargate" }, /capacity: /],
    [{ instanceTypes: "" }, /instanceTypes: must name one/],
    [{ instanceTypes: "big" }, /instanceTypes.*g6\.xlarge/],
    [{ spotPercent: 101 }, /spotPercent/],
    [{ capacity: "managed-instances", spotPercent: 50 }, /spotPercent: must be 0 or 100/],
    [{ idleMinutes: 0 }, /idleMinutes/],
    [{ sourceBuckets: "{" }, /sourceBuckets: must be JSON/],
    [{ sourceBuckets: '{"Tapes": "*"}' }, /sourceBuckets\.Tapes/],
    [{ sourceBuckets: '{"tapes": []}' }, /sourceBuckets\.tapes/],
    [{ besideBuckets: "tapes" }, /besideBuckets: names tapes/],
    [{ model: "s3://packs/big" }, /model: .*slash/],
    [{ model: "s3://packs/big/" }, /modelManifest: must name/],
    [{ corsOrigins: "https://a.example/path" }, /corsOrigins/],
    [{ domainName: "speech.example.com" }, /domainName: and certificateArn/],
    [{ certificateArn: "arn:aws:acm:eu-west-1:123456789012:certificate/0" }, /domainName: and/],
    [{ alarmMail: "nobody" }, /alarmMail/],
    [{ alarmMail: "ops@example.com", alarms: false }, /alarms: must not be false/],
    [{ logDays: 31 }, /logDays: must be one of 1, 3/],
    [{ keepRecordingsDays: 7 }, /keepRecordingsDays/],
    [{ limits: '{"durationHours": 2}' }, /limits: has no durationHours.*durationSeconds/],
    [{ limits: '{"durationSeconds": -1}' }, /limits: SCRIPTORIUM_LIMIT_DURATION_SECONDS/],
    [{ name: "my stack" }, /name: must be letters/],
  ])("%j", (context, message) => {
    expect(() => settingsFrom(context)).toThrow(SettingsError);
    expect(() => settingsFrom(context)).toThrow(message);
  });

  test("all at once", () => {
    expect(() => settingsFrom({ maxWorkers: 0, idleMinutes: 0 })).toThrow(/maxWorkers.*\n.*idleMinutes/);
  });

  test("sources that no function's environment could hold", () => {
    const sourceBuckets = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`bucket-${at}`, "*"]));
    expect(() => settingsFrom({ sourceBuckets })).toThrow(/sourceBuckets: must be 2000 characters/);
  });
});

test("limits reach the functions under the names that they read", () => {
  expect(limitsEnvironment({ uploadBytes: 5, requestsPerMinute: 6 })).toEqual({
    SCRIPTORIUM_LIMIT_UPLOAD_BYTES: "5",
    SCRIPTORIUM_LIMIT_REQUESTS_PER_MINUTE: "6",
  });
});
