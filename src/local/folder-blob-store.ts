import { lstat, realpath, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BlobNotFoundError, InvalidRequestError } from "../jobs/errors.ts";
import type {
  Blob,
  BlobFacts,
  BlobRef,
  BlobStore,
  Clock,
  PassedBy,
  SignedDownload,
  SignedUpload,
} from "../jobs/ports/index.ts";
import { uploadHeaders } from "../jobs/upload-headers.ts";
import type { ByteRange } from "./byte-range.ts";
import { signDownload } from "./folder/download-urls.ts";
import { factsOf } from "./folder/facts.ts";
import { keyParts } from "./folder/key-parts.ts";
import { listFolder } from "./folder/list-folder.ts";
import { FolderPartUploads } from "./folder/part-uploads.ts";
import { openFile, readAll } from "./folder/read-file.ts";
import { removeAbandoned, removeOwnFolder } from "./folder/remove.ts";
import { signUpload } from "./folder/upload-urls.ts";
import { writeFile } from "./folder/write-file.ts";
import { isMissing, storageError, unlessMissing } from "./storage-errors.ts";

export interface FolderBlobStoreOptions {
  /** The folder that a bucket is; null where there is no such bucket. */
  folderOf(bucket: string): Promise<string | null>;
  uploads: {
    /** Of the server that has the upload routes, as clients reach it. */
    baseUrl(): string;
    /** Signs the upload URLs. */
    secret: Uint8Array;
  };
  clock: Clock;
}

/**
 * Objects as plain files: a bucket is a folder, a key a path below it. Hidden files, special files and symbolic links
 * are no objects, and no key leads out of the folder. Only `put` creates anything there.
 */
export class FolderBlobStore implements BlobStore {
  readonly parts: FolderPartUploads;
  readonly #options: FolderBlobStoreOptions;
  /** Folders that were cleared of unfinished files. */
  readonly #cleared = new Set<string>();

  constructor(options: FolderBlobStoreOptions) {
    this.#options = options;
    this.parts = new FolderPartUploads({
      ...options,
      put: (ref, body) => this.put(ref, body, { ifAbsent: true }),
    });
  }

  /** Throws InvalidRequestError for keys that cannot be stored, and whatever the body throws. */
  async put(
    ref: BlobRef,
    body: string | Uint8Array | AsyncIterable<Uint8Array>,
    { ifAbsent = false }: { contentType?: string; ifAbsent?: boolean } = {},
  ): Promise<boolean> {
    const parts = storableParts(ref.key);
    const folder = await this.#options.folderOf(ref.bucket);
    if (folder === null) throw noBucket(ref.bucket);
    if (ifAbsent && (await this.head(ref))) return false;
    if (!this.#cleared.has(folder)) await removeAbandoned(folder, this.#options.clock.now());
    this.#cleared.add(folder);
    return writeFile(folder, parts, body, { ifAbsent });
  }

  /** The file stays open until its body has been read or left. `range`: of these bytes alone. */
  async get(ref: BlobRef, range: ByteRange | null = null): Promise<Blob> {
    const path = await this.#path(ref);
    const file = path === null ? null : await openFile(path);
    if (!file) throw new BlobNotFoundError(ref.bucket, ref.key);
    return { facts: factsOf(ref, file.stats), body: readAll(file.handle, range) };
  }

  async head(ref: BlobRef): Promise<BlobFacts | null> {
    const path = await this.#path(ref);
    const stats = path === null ? null : await unlessMissing(lstat(path, { bigint: true }));
    return stats?.isFile() ? factsOf(ref, stats) : null;
  }

  /** Throws InvalidRequestError where there is no such bucket or its folder is gone. */
  async *list(
    bucket: string,
    prefix: string,
    after = "",
    passedBy: PassedBy = () => {},
  ): AsyncGenerator<BlobFacts> {
    const root = await this.#root(bucket);
    if (root === null) throw noBucket(bucket);
    yield* listFolder({ root, bucket, prefix, after, passedBy });
  }

  /** The folder of a transcription's upload goes with its only file; any other stays. */
  async delete(ref: BlobRef): Promise<void> {
    const path = await this.#path(ref);
    if (path === null || !(await this.head(ref))) return;
    try {
      await unlink(path);
    } catch (error) {
      if (!isMissing(error)) throw storageError(error);
    }
    await removeOwnFolder(dirname(path));
  }

  /** Throws InvalidRequestError for keys that cannot be stored. */
  async createUploadUrl(
    ref: BlobRef,
    { expiresAt, contentType, maxBytes }: { expiresAt: string; contentType?: string; maxBytes: number },
  ): Promise<SignedUpload> {
    storableParts(ref.key);
    const { baseUrl, secret } = this.#options.uploads;
    const grant = { ref, maxBytes, expires: Date.parse(expiresAt), contentType: contentType ?? null };
    return {
      url: signUpload(baseUrl(), grant, secret),
      method: "PUT",
      headers: uploadHeaders(contentType),
      expiresAt,
    };
  }

  async createDownloadUrl(
    ref: BlobRef,
    { expiresAt, contentType, contentDisposition }: Parameters<BlobStore["createDownloadUrl"]>[1],
  ): Promise<SignedDownload> {
    const { baseUrl, secret } = this.#options.uploads;
    const grant = { ref, expires: Date.parse(expiresAt), contentType, contentDisposition };
    return { url: signDownload(baseUrl(), grant, secret), expiresAt };
  }

  /** The bucket's folder, without symbolic links on the way to it. */
  async #root(bucket: string): Promise<string | null> {
    const folder = await this.#options.folderOf(bucket);
    return folder === null ? null : unlessMissing(realpath(folder));
  }

  /** Null where nothing is there, or the way leads through a symbolic link. */
  async #path({ bucket, key }: BlobRef): Promise<string | null> {
    const parts = keyParts(key);
    const root = parts && (await this.#root(bucket));
    if (!parts || root === null) return null;
    const path = join(root, ...parts);
    return (await unlessMissing(realpath(path))) === path ? path : null;
  }
}

function storableParts(key: string): string[] {
  const parts = keyParts(key);
  if (!parts)
    throw new InvalidRequestError(`An object cannot be stored under the key ${JSON.stringify(key)}.`);
  return parts;
}

function noBucket(bucket: string): InvalidRequestError {
  return new InvalidRequestError(`There is no bucket ${bucket}, or its folder is not there.`, { bucket });
}
