import { s3BlobStore } from "../../../src/aws/services.ts";
import type { BlobFacts, BlobRef, BlobStore } from "../../../src/jobs/ports/index.ts";
import { describeBlobStore } from "../../contract/blob-store.contract.ts";
import { createBucket } from "../../support/aws-resources.ts";
import { describeWithMoto } from "../../support/moto.ts";

describeWithMoto("against moto:", () => {
  const openStore = async () => {
    const bucket = await createBucket();
    return { blobs: s3BlobStore(bucket), bucket };
  };

  describeBlobStore("S3BlobStore", async () => {
    const { blobs, bucket } = await openStore();
    return { blobs: withoutLineFeeds(blobs), bucket };
  });
});

/** The same, with another sign for line feeds in keys: moto's router finds no route for a path with one. */
function withoutLineFeeds(store: BlobStore): BlobStore {
  const hide = ({ bucket, key }: BlobRef) => ({ bucket, key: key.replaceAll("\n", "\u2424") });
  const show = (facts: BlobFacts) => ({ ...facts, key: facts.key.replaceAll("\u2424", "\n") });
  const { parts } = store;
  return {
    parts: {
      begin: (ref, options) => parts.begin(hide(ref), options),
      sign: (ref, ...rest) => parts.sign(hide(ref), ...rest),
      list: (ref, id) => parts.list(hide(ref), id),
      join: (ref, ...rest) => parts.join(hide(ref), ...rest),
      drop: (ref, id) => parts.drop(hide(ref), id),
    },
    put: (ref, ...rest) => store.put(hide(ref), ...rest),
    head: async (ref) => {
      const facts = await store.head(hide(ref));
      return facts && show(facts);
    },
    get: async (ref) => {
      const { facts, body } = await store.get(hide(ref));
      return { facts: show(facts), body };
    },
    async *list(...query) {
      for await (const facts of store.list(...query)) yield show(facts);
    },
    delete: (ref) => store.delete(hide(ref)),
    createUploadUrl: (ref, options) => store.createUploadUrl(hide(ref), options),
    createDownloadUrl: (ref, options) => store.createDownloadUrl(hide(ref), options),
  };
}
