/** Where bytes lie. Buckets and keys as S3 has them; locally a bucket is a folder. */
export interface BlobRef {
  bucket: string;
  key: string;
}

export interface BlobFacts extends BlobRef {
  /** Bytes. */
  size: number;
  /** Changes with the content. */
  etag: string;
  /** ISO 8601 UTC. */
  modifiedAt: string;
}

export interface Blob {
  facts: BlobFacts;
  /** The bytes, read as they are asked for. Leaving the iteration early closes the source. */
  body: AsyncIterable<Uint8Array>;
}

/** A request that puts one object, once, without further credentials. */
export interface SignedUpload {
  url: string;
  method: "PUT";
  /** To be sent with it as they are: without them it is refused. */
  headers: Record<string, string>;
  /** ISO 8601 UTC. */
  expiresAt: string;
}

/** A request that reads one object without further credentials: a GET. */
export interface SignedDownload {
  url: string;
  /** ISO 8601 UTC. */
  expiresAt: string;
}

/** A piece of an object that is put together from several. Numbered from 1. */
export interface StoredPart {
  number: number;
  /** Bytes. */
  size: number;
  etag: string;
}

export interface SignedPart {
  number: number;
  /** A PUT of its bytes, as often as needed, needs no header of its own. */
  url: string;
}

/** Objects that come in pieces, each of them as often as it takes. Nothing is there before they are joined. */
export interface PartUploads {
  /** The id of a new upload to this place. */
  begin(ref: BlobRef, options: { contentType?: string }): Promise<string>;
  /** `maxBytes`: of each part. */
  sign(
    ref: BlobRef,
    uploadId: string,
    numbers: readonly number[],
    options: { expiresAt: string; maxBytes: number },
  ): Promise<SignedPart[]>;
  /** Those that are there, in order; null where there is no such upload, or no more. */
  list(ref: BlobRef, uploadId: string): Promise<StoredPart[] | null>;
  /**
   * Make the object of these parts, in order, unless there is one: false then. Its arrival sends an S3 event. The
   * parts are gone afterwards.
   */
  join(ref: BlobRef, uploadId: string, parts: readonly StoredPart[]): Promise<boolean>;
  /** Forget the upload and its parts. What is not there is forgotten already. */
  drop(ref: BlobRef, uploadId: string): Promise<void>;
}

/** What lies where objects do and is none. `name`: as near to its key as can be told. */
export type PassedBy = (
  name: string,
  reason: "symbolic_link" | "unreadable_name" | "hidden" | "apple_double" | "no_file",
) => void;

export interface BlobStore {
  readonly parts: PartUploads;
  /**
   * Stored whole or not at all: a reader sees the old object or the new one. With `ifAbsent`, false and nothing
   * stored where the key exists. Throws StorageFullError, StorageReadOnlyError.
   */
  put(
    ref: BlobRef,
    body: string | Uint8Array | AsyncIterable<Uint8Array>,
    options?: { contentType?: string; ifAbsent?: boolean },
  ): Promise<boolean>;
  /** Throws BlobNotFoundError, BlobUnreadableError. */
  get(ref: BlobRef): Promise<Blob>;
  /** Null where it is not there. Throws BlobUnreadableError where nobody may say whether it is. */
  head(ref: BlobRef): Promise<BlobFacts | null>;
  /**
   * Every object whose key begins with `prefix` and comes after `after`, in the order of the keys' UTF-8 bytes. A
   * folder of a disk may hold what can be no object: that is told to `passedBy`, where it is given.
   */
  list(bucket: string, prefix: string, after?: string, passedBy?: PassedBy): AsyncIterable<BlobFacts>;
  /** What is not there is deleted already. */
  delete(ref: BlobRef): Promise<void>;
  /** The object is created by it once only, is at most `maxBytes` long, and its arrival sends an S3 event. */
  createUploadUrl(
    ref: BlobRef,
    options: { expiresAt: string; contentType?: string; maxBytes: number },
  ): Promise<SignedUpload>;
  /** The answer to it has these headers. */
  createDownloadUrl(
    ref: BlobRef,
    options: { expiresAt: string; contentType: string; contentDisposition: string },
  ): Promise<SignedDownload>;
}
