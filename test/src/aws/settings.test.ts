import { expect, test } from "vitest";
import { readAwsSettings, readModelFacts, readWebhooksPerOwner } from "../../../src/aws/settings.ts";
import { DEFAULT_LIMITS } from "../../../src/jobs/limits.ts";

const ENVIRONMENT = {
  SCRIPTORIUM_BUCKET: "recordings",
  SCRIPTORIUM_TABLE: "records",
  SCRIPTORIUM_TRANSCRIBE_QUEUE_URL: "https://sqs/transcribe",
  SCRIPTORIUM_ARCHIVE_QUEUE_URL: "https://sqs/archive",
  SCRIPTORIUM_WEBHOOKS_QUEUE_URL: "https://sqs/webhooks",
};

test("the environment becomes settings, with defaults for what may be left out", () => {
  expect(readAwsSettings(ENVIRONMENT)).toEqual({
    stack: null,
    bucket: "recordings",
    table: "records",
    queues: {
      transcribe: "https://sqs/transcribe",
      archive: "https://sqs/archive",
      webhooks: "https://sqs/webhooks",
      events: null,
    },
    sourceBuckets: {},
    limits: DEFAULT_LIMITS,
    allowLocalWebhooks: false,
  });
  const sources = { tapes: ["ada"], shared: "*" };
  const more = { SCRIPTORIUM_SOURCE_BUCKETS: JSON.stringify(sources), SCRIPTORIUM_LIMIT_ATTEMPTS: "3" };
  expect(readAwsSettings({ ...ENVIRONMENT, ...more })).toMatchObject({
    sourceBuckets: sources,
    limits: { attempts: 3 },
  });
});

test.each(Object.keys(ENVIRONMENT))("without %s the error names it", (name) => {
  expect(() => readAwsSettings({ ...ENVIRONMENT, [name]: "" })).toThrow(name);
});

test.each(["no JSON", "[]", '{"tapes": "ada"}', '{"tapes": [1]}'])("%s are no source buckets", (text) => {
  expect(() => readAwsSettings({ ...ENVIRONMENT, SCRIPTORIUM_SOURCE_BUCKETS: text })).toThrow(
    "SCRIPTORIUM_SOURCE_BUCKETS",
  );
});

test("the models' facts are read as they are", () => {
  const facts = [
    { name: "m", version: "1", languages: ["en"], license: null, parameters: { total: 12, active: 4 } },
  ];
  expect(readModelFacts({ SCRIPTORIUM_MODEL_FACTS: JSON.stringify(facts) })).toEqual(facts);
  expect(() => readModelFacts({ SCRIPTORIUM_MODEL_FACTS: '[{"name": "m"}]' })).toThrow(
    "SCRIPTORIUM_MODEL_FACTS",
  );
});

test("how many webhooks an owner may have under way is a whole number", () => {
  expect(readWebhooksPerOwner({ SCRIPTORIUM_WEBHOOKS_PER_OWNER: "10" })).toBe(10);
  for (const text of ["", "0", "x", "1.5"])
    expect(() => readWebhooksPerOwner({ SCRIPTORIUM_WEBHOOKS_PER_OWNER: text })).toThrow(
      "SCRIPTORIUM_WEBHOOKS_PER_OWNER",
    );
});
