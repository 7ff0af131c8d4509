import { resolve } from "node:path";
import { expect, test } from "vitest";
import { readLocalSettings } from "../../local/settings.ts";
import { DEFAULT_LIMITS } from "../../src/jobs/limits.ts";

test("where nothing is said, the service keeps to its defaults", () => {
  expect(readLocalSettings({}, {})).toEqual({
    port: 8787,
    dataFolder: resolve(".scriptorium"),
    limits: DEFAULT_LIMITS,
    localWebhooks: ["default"],
  });
});

test("the environment sets port, folder and limits; the command line wins", () => {
  const environment = {
    SCRIPTORIUM_PORT: "9000",
    SCRIPTORIUM_DATA: "/data",
    SCRIPTORIUM_LIMIT_ALTERNATIVES: "5",
  };
  expect(readLocalSettings({}, environment)).toMatchObject({
    port: 9000,
    dataFolder: "/data",
    limits: { alternatives: 5 },
  });
  expect(readLocalSettings({ port: "0", data: "/other" }, environment)).toMatchObject({
    port: 0,
    dataFolder: "/other",
  });
});

test.each(["http", "-1", "65536", "80.5"])("%s is no port", (port) => {
  expect(() => readLocalSettings({}, { SCRIPTORIUM_PORT: port })).toThrow(/SCRIPTORIUM_PORT must be a port/);
  expect(() => readLocalSettings({ port }, {})).toThrow(/--port must be a port/);
});

test.each<[string, readonly string[] | "*"]>([
  ["*", "*"],
  ["", []],
  ["radio, tv", ["radio", "tv"]],
])("SCRIPTORIUM_LOCAL_WEBHOOKS=%j names owners", (text, owners) => {
  expect(readLocalSettings({}, { SCRIPTORIUM_LOCAL_WEBHOOKS: text }).localWebhooks).toEqual(owners);
});

test("SCRIPTORIUM_LOCAL_WEBHOOKS must hold names of owners", () => {
  const read = () => readLocalSettings({}, { SCRIPTORIUM_LOCAL_WEBHOOKS: "radio;tv" });
  expect(read).toThrow(/SCRIPTORIUM_LOCAL_WEBHOOKS must be owners/);
});
