import { expect, test } from "vitest";
import { createBatch } from "../../../../src/jobs/batches/create-batch.ts";
import { enqueueItems } from "../../../../src/jobs/batches/enqueue-items.ts";
import { BlobUnreadableError, InvalidRequestError } from "../../../../src/jobs/errors.ts";
import { createTranscription } from "../../../../src/jobs/use-cases/create-transcription.ts";
import { ANN, batchOf, batchRequest, itemsOf, openArchive } from "../../../support/archive.ts";
import { override } from "../../../support/override.ts";
import { transcriptionRequest } from "../../../support/transcription-request.ts";

const DENIED = new BlobUnreadableError("access_denied", "Let the service read it.");
const FILES = { "a.mp3": "a", "locked.mp3": "l", "list.csv": "key" };

/** Storage of which some objects may not even be looked at. */
async function openLocked() {
  const { services } = await openArchive(FILES);
  const { blobs } = services;
  const head: typeof blobs.head = (ref) =>
    ref.key.startsWith("locked") ? Promise.reject(DENIED) : blobs.head(ref);
  return { ...services, blobs: override(blobs, { head }) };
}

const manifest = (key: string) => ({
  kind: "manifest" as const,
  manifest: { bucket: "tapes", key },
  format: "csv" as const,
  bucket: "tapes",
});

test("an item that the service may not look at fails with its code, and keeps no other waiting", async () => {
  const services = await openLocked();
  const { record } = await createBatch(services, ANN, batchRequest({ source: manifest("list.csv") }), null);
  const rows = ["locked.mp3", "a.mp3", "gone.mp3"];
  await enqueueItems(
    services,
    record.id,
    rows.map((key) => ({ bucket: null, key, etag: null, size: null })),
  );
  expect((await batchOf(services, record.id)).counts).toMatchObject({ queued: 1, failed: 2 });
  expect((await itemsOf(services, record.id)).map(({ source, error }) => [source.key, error])).toEqual([
    ["a.mp3", null],
    ["gone.mp3", { code: "not_found", message: "There is no object tapes/gone.mp3." }],
    ["locked.mp3", { code: "access_denied", message: "Let the service read it." }],
  ]);
});

test("a request that names such an object is refused with the same sentence", async () => {
  const services = await openLocked();
  const refused = [
    createBatch(services, ANN, batchRequest({ source: manifest("locked.csv") }), null),
    createTranscription(
      services,
      ANN,
      transcriptionRequest({ fileName: null, source: { bucket: "tapes", key: "locked.mp3" } }),
      null,
    ),
  ];
  for (const request of refused) {
    const error: unknown = await request.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({ message: "Let the service read it." });
  }
});
