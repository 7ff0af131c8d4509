import type { Transcription } from "../../src/jobs/transcription.ts";
import type { FolderBlobStore } from "../../src/local/folder-blob-store.ts";
import type { ApiWorld } from "./api-world.ts";

/** What the upload routes do. */
export async function putPart(
  { services }: Pick<ApiWorld, "services">,
  { source, parts }: Transcription,
  number: number,
  size: number,
): Promise<void> {
  const { uploadId } = parts!;
  const content = async function* () {
    yield new Uint8Array(size).fill(number);
  };
  await (services.blobs as FolderBlobStore).parts.put(source, { uploadId, number }, content());
}
