import { PutObjectCommand } from "@aws-sdk/client-s3";
import type { Deployed } from "./deployed.ts";
import { shortRecording } from "./recordings.ts";

/** Of recordings put into a folder of the inbox, that events announce as well: each is two transcriptions. */
export async function startBatch(deployed: Deployed, items: number): Promise<{ id: string; items: number }> {
  const { s3, bucket, owner } = deployed.options;
  const prefix = `inbox/${owner}/smoke-${Date.now()}/`;
  const Body = new Uint8Array(await shortRecording().arrayBuffer());
  for (let at = 0; at < items; at++)
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${prefix}${at}.wav`, Body }));
  const { id } = await deployed.create("/v1/batches", { source: { bucket, prefix } });
  return { id, items };
}
