import { describe, expect, test } from "vitest";
import { makeS3Event, parseS3Event } from "../../../src/jobs/s3-events.ts";

/** As S3 documents it: Amazon S3 User Guide, "Event message structure". */
const event = (key: string, changes: object = {}) =>
  JSON.stringify({
    Records: [
      {
        eventVersion: "2.1",
        eventSource: "aws:s3",
        awsRegion: "eu-central-1",
        eventTime: "2026-03-01T12:00:00.000Z",
        eventName: "ObjectCreated:CompleteMultipartUpload",
        s3: { bucket: { name: "tapes" }, object: { key, size: 7, eTag: "abc", versionId: "v1" } },
        ...changes,
      },
    ],
  });

describe("an S3 event", () => {
  test("gives the object, its key decoded: + is a space, %2B a plus", () => {
    expect(parseS3Event(event("uploads/tr_1/Gr%C3%BC%C3%9Fe+1%2B1.wav"))).toEqual([
      {
        bucket: "tapes",
        key: "uploads/tr_1/Grüße 1+1.wav",
        size: 7,
        etag: "abc",
        versionId: "v1",
        arrivedAt: "2026-03-01T12:00:00.000Z",
      },
    ]);
  });

  test.each([
    ["the test event", JSON.stringify({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "tapes" })],
    ["a deletion", event("a.wav", { eventName: "ObjectRemoved:Delete" })],
    ["a key that cannot be decoded", event("%E0%A4%A")],
    ["a record without an object", event("a", { s3: { bucket: { name: "tapes" } } })],
    ["records that are none", JSON.stringify({ Records: [null, 1, "x"] })],
  ])("gives nothing for %s", (_, body) => {
    expect(parseS3Event(body)).toEqual([]);
  });

  test.each(["", "{", "null", "[]", "7", '{"hello":1}', '{"Records":"all"}'])("is not seen in %j", (body) => {
    expect(parseS3Event(body)).toBeNull();
  });

  test("that we make is read back as it was", () => {
    const object = { bucket: "b", key: "inbox/me/a b+c/ü%20&?.wav", size: 1, etag: null, versionId: null };
    const arrivedAt = "2026-03-01T12:00:00.000Z";
    expect(parseS3Event(makeS3Event(object, arrivedAt))).toEqual([{ ...object, arrivedAt }]);
  });
});
