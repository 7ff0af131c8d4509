import { describe, expect, it } from "vitest";
import { type Batch, NO_COUNTS } from "../../../../src/jobs/batch.ts";
import type { Transcription } from "../../../../src/jobs/transcription.ts";
import { webhookBody, webhookEvent } from "../../../../src/jobs/webhooks/event.ts";
import { batch, transcription } from "./world.ts";

const at = "2026-01-01T00:00:00.000Z";

describe("the event", () => {
  it("of a completed transcription", () => {
    const record = transcription({ batchId: "ba_1" });
    expect(webhookEvent(record)).toEqual({
      type: "transcription.completed",
      timestamp: at,
      data: {
        id: record.id,
        status: "completed",
        batch_id: "ba_1",
        file_name: "a.wav",
        duration: 12.5,
        metadata: { call: "7" },
      },
    });
  });

  it("of a failed transcription", () => {
    const error = { code: "no_audio", message: "The file has no audio." };
    const record = transcription({ state: "failed", times: { failed: at }, error, audio: null });
    expect(webhookEvent(record)).toEqual({
      type: "transcription.failed",
      timestamp: at,
      data: { id: record.id, status: "failed", file_name: "a.wav", error, metadata: { call: "7" } },
    });
  });

  it.each(["canceled", "expired"] as const)("of a transcription that %s", (state) => {
    const record = transcription({ state, times: { [state]: at }, audio: null });
    expect(webhookEvent(record)).toEqual({
      type: `transcription.${state}`,
      timestamp: at,
      data: { id: record.id, status: state, file_name: "a.wav", metadata: { call: "7" } },
    });
  });

  it.each(["completed", "failed", "canceled"] satisfies Batch["state"][])("of a %s batch", (state) => {
    const counts = { ...NO_COUNTS, completed: 3, failed: 1 };
    const record = batch({ state, times: { [state]: at }, counts });
    expect(webhookEvent(record)).toEqual({
      type: "batch.completed",
      timestamp: at,
      data: { id: record.id, status: state, counts, metadata: { archive: "1998" } },
    });
  });

  it.each(["awaiting_upload", "queued", "processing", "deleted"] satisfies Transcription["state"][])(
    "of a transcription that is %s is none",
    (state) => {
      expect(webhookEvent(transcription({ state }))).toBeNull();
    },
  );
});

describe("the body", () => {
  const bodyOf = (metadata: Record<string, string>) => {
    const event = webhookEvent(transcription({ metadata }));
    if (!event) throw new Error("no event");
    return webhookBody(event);
  };

  it("holds the event with its metadata", () => {
    expect(JSON.parse(bodyOf({ a: "ä" })).data.metadata).toEqual({ a: "ä" });
  });

  it.each(["x", "é", "語", "\u0001"])(
    "stays below 20 KB with as much metadata of %j as is accepted",
    (character) => {
      const entries = Array.from({ length: 50 }, (_, i) => [`${i}`.padEnd(64, "k"), character.repeat(1000)]);
      const body = bodyOf(Object.fromEntries(entries));
      expect(Buffer.byteLength(body)).toBeLessThan(20_000);
      const { data } = JSON.parse(body);
      expect(data).toMatchObject({ status: "completed", metadata_omitted: true });
      expect(data).not.toHaveProperty("metadata");
    },
  );

  it("counts bytes, not characters", () => {
    const empty = Buffer.byteLength(bodyOf({ a: "" }));
    const most = Math.floor((19_999 - empty) / 3);
    expect(JSON.parse(bodyOf({ a: "語".repeat(most) })).data).toHaveProperty("metadata");
    expect(JSON.parse(bodyOf({ a: "語".repeat(most + 1) })).data).toHaveProperty("metadata_omitted");
  });
});
