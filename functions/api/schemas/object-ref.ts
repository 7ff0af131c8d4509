import { z } from "@hono/zod-openapi";

const LONGEST_KEY_BYTES = 1024; // S3's own limit

export function bucketName() {
  return z.string().min(1).max(255).openapi({ example: "recordings" });
}

export function objectKey() {
  return z
    .string()
    .min(1)
    .max(LONGEST_KEY_BYTES)
    .refine(
      (key) => new TextEncoder().encode(key).length <= LONGEST_KEY_BYTES,
      "must have at most 1024 bytes",
    )
    .openapi({ example: "2026/call-17.wav" });
}

export function objectRef() {
  return z.strictObject({ bucket: bucketName(), key: objectKey() }).openapi("ObjectRef");
}
