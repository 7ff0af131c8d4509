import { describe, expect, it } from "vitest";
import { transcribeMessage } from "../../../../src/jobs/messages.ts";
import { makeS3Event } from "../../../../src/jobs/s3-events.ts";
import { acceptMessage } from "../../../../src/jobs/work/index.ts";
import { serviceWorld } from "../../../support/service-world.ts";
import { read, stored } from "./records.ts";

const eventFor = (key: string, more: { bucket?: string; versionId?: string; etag?: string } = {}) =>
  makeS3Event(
    { bucket: "service", key, size: 10, etag: null, versionId: null, ...more },
    "2026-03-01T12:00:00.000Z",
  );

describe("a message to the worker", () => {
  it("names its transcription, or none where it makes no sense", async () => {
    const { services } = await serviceWorld();
    const id = `tr_${"0".repeat(32)}`;
    expect(await acceptMessage(services, transcribeMessage(id))).toEqual([id]);
    for (const body of ["", "{}", "null", '{"type":"transcribe","id":"../../x"}', '{"Event":"s3:TestEvent"}'])
      expect(await acceptMessage(services, body)).toEqual([]);
  });

  it("brings an upload to its queue, whatever its key, and again without effect", async () => {
    const { services } = await serviceWorld();
    const { id, source } = await stored(services, {
      state: "awaiting_upload",
      times: {},
      dueAt: "2026-03-01T12:00:00.000Z",
    });
    expect(await acceptMessage(services, eventFor(source.key))).toEqual([id]);
    const queued = await read(services, id);
    expect(queued).toMatchObject({
      state: "queued",
      uploadExpiresAt: null,
      dueAt: "2026-03-01T12:15:00.000Z",
    });
    expect(await acceptMessage(services, eventFor(source.key))).toEqual([id]);
    expect(await read(services, id)).toEqual(queued);
  });

  it("takes no other object for the upload of a transcription", async () => {
    const { services } = await serviceWorld();
    const { id, source } = await stored(services, { state: "awaiting_upload" });
    for (const event of [
      eventFor(`uploads/${id}/another.wav`),
      eventFor(source.key, { bucket: "elsewhere" }),
      eventFor(`uploads/tr_${"0".repeat(32)}/a.wav`),
      eventFor("results/x.json"),
    ])
      expect(await acceptMessage(services, event)).toEqual([]);
    expect((await read(services, id)).state).toBe("awaiting_upload");
  });

  it("makes one transcription of each version of what is in an inbox", async () => {
    const { services } = await serviceWorld();
    const key = "inbox/ada/Ärger + Co/50%.wav";
    const [first] = await acceptMessage(services, eventFor(key, { versionId: "v1" }));
    expect(await acceptMessage(services, eventFor(key, { versionId: "v1" }))).toEqual([first]);
    const [second] = await acceptMessage(services, eventFor(key, { versionId: "v2" }));
    expect(second).not.toBe(first);
    expect(await read(services, first)).toMatchObject({
      owner: "ada",
      state: "queued",
      origin: "inbox",
      fileName: "50%.wav",
      source: { bucket: "service", key },
    });
    for (const ignored of ["inbox/ada/", "inbox/ada/folder/", "inbox/ad@/a.wav", "inbox/a.wav"])
      expect(await acceptMessage(services, eventFor(ignored))).toEqual([]);
  });
});
