import { randomBytes } from "node:crypto";
import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { BlobNotFoundError } from "../../jobs/errors.ts";
import type { BlobRef, PartUploads, SignedPart, StoredPart } from "../../jobs/ports/index.ts";
import { unlessMissing } from "../storage-errors.ts";
import { openFile, readAll } from "./read-file.ts";
import { signUpload, type UploadPart } from "./upload-urls.ts";
import { writeFile } from "./write-file.ts";

/** Hidden, so that nothing in it is an object; in the same file system as the objects. */
const FOLDER = ".parts";
const ID = /^[0-9a-f]{32}$/;

export interface FolderPartUploadsOptions {
  folderOf(bucket: string): Promise<string | null>;
  uploads: { baseUrl(): string; secret: Uint8Array };
  /** Makes an object, once. */
  put(ref: BlobRef, body: AsyncIterable<Uint8Array>): Promise<boolean>;
}

/** Parts as plain files, one folder for each upload, which is made by its first part. */
export class FolderPartUploads implements PartUploads {
  readonly #options: FolderPartUploadsOptions;

  constructor(options: FolderPartUploadsOptions) {
    this.#options = options;
  }

  async begin(): Promise<string> {
    return randomBytes(16).toString("hex");
  }

  async sign(
    ref: BlobRef,
    uploadId: string,
    numbers: readonly number[],
    { expiresAt, maxBytes }: { expiresAt: string; maxBytes: number },
  ): Promise<SignedPart[]> {
    const { baseUrl, secret } = this.#options.uploads;
    const expires = Date.parse(expiresAt);
    return numbers.map((number) => ({
      number,
      url: signUpload(
        baseUrl(),
        { ref, maxBytes, expires, contentType: null, part: { uploadId, number } },
        secret,
      ),
    }));
  }

  /** What the upload routes do with a part: whole or not at all, over an earlier one. Throws StorageFullError… */
  async put(
    { bucket }: BlobRef,
    { uploadId, number }: UploadPart,
    body: AsyncIterable<Uint8Array>,
  ): Promise<void> {
    const folder = await this.#options.folderOf(bucket);
    if (folder === null || !ID.test(uploadId)) throw new BlobNotFoundError(bucket, null);
    await writeFile(folder, [FOLDER, uploadId, String(number)], body, { ifAbsent: false });
  }

  async list({ bucket }: BlobRef, uploadId: string): Promise<StoredPart[]> {
    const folder = await this.#folder(bucket, uploadId);
    const names = folder === null ? [] : ((await unlessMissing(readdir(folder))) ?? []);
    const found: StoredPart[] = [];
    for (const name of names.filter((one) => /^\d+$/.test(one))) {
      const stats = await unlessMissing(lstat(join(folder ?? "", name)));
      if (stats) found.push({ number: Number(name), size: stats.size, etag: name });
    }
    return found.sort((a, b) => a.number - b.number);
  }

  async join(ref: BlobRef, uploadId: string, parts: readonly StoredPart[]): Promise<boolean> {
    const folder = await this.#folder(ref.bucket, uploadId);
    if (folder === null) return false;
    const created = await this.#options.put(ref, contentOf(folder, parts));
    await this.drop(ref, uploadId);
    return created;
  }

  async drop({ bucket }: BlobRef, uploadId: string): Promise<void> {
    const folder = await this.#folder(bucket, uploadId);
    if (folder !== null) await rm(folder, { recursive: true, force: true });
  }

  async #folder(bucket: string, uploadId: string): Promise<string | null> {
    const folder = await this.#options.folderOf(bucket);
    return folder === null || !ID.test(uploadId) ? null : join(folder, FOLDER, uploadId);
  }
}

async function* contentOf(folder: string, parts: readonly StoredPart[]): AsyncGenerator<Uint8Array> {
  for (const { number } of parts) {
    const file = await openFile(join(folder, String(number)));
    if (!file) throw new Error(`part ${number} is gone`);
    yield* readAll(file.handle);
  }
}
