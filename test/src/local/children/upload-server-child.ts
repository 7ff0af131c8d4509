import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { silentLog } from "../../../../local/log.ts";
import { FolderBlobStore } from "../../../../src/local/folder-blob-store.ts";
import { systemClock } from "../../../../src/local/system-clock.ts";
import { uploadRoutes } from "../../../../src/local/upload-routes.ts";

/** Serves uploads; prints a URL to upload 100 MB to, then each object that arrived. */
const [folder] = process.argv.slice(2);
const secret = new Uint8Array(32);
let base = "";
const uploads = { baseUrl: () => base, secret };
const blobs = new FolderBlobStore({ folderOf: async () => folder, uploads, clock: systemClock });
const onStored = async () => void process.stdout.write("stored\n");
const routes = uploadRoutes({ blobs, clock: systemClock, secret, idleSeconds: 20, onStored, log: silentLog });
const server = serve({ fetch: routes.fetch, port: 0, hostname: "127.0.0.1" });
await once(server, "listening");
base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
const ref = { bucket: "service", key: "recording" };
const { url } = await blobs.createUploadUrl(ref, { expiresAt, maxBytes: 100_000_000 });
process.stdout.write(`${url}\n`);
