import type { Page } from "playwright-core";
import { receiveUpload } from "../../../local/recover-uploads.ts";
import type { Transcript } from "../../../src/formats/index.ts";
import type { Limits } from "../../../src/jobs/limits.ts";
import type { Services } from "../../../src/jobs/services.ts";
import { acceptUpload, claim, complete } from "../../../src/jobs/work/index.ts";
import { downloadRoutes } from "../../../src/local/download-routes.ts";
import type { FolderBlobStore } from "../../../src/local/folder-blob-store.ts";
import { uploadRoutes } from "../../../src/local/upload-routes.ts";
import { buildPage } from "../../../web/build.ts";
import { type ApiWorld, apiWorld, listen } from "../../support/api-world.ts";

const HOLD = { worker: "w", messageId: "m" };
const SECRET = new Uint8Array(32);
/** As S3 is on AWS: another origin than the page's. */
const STORAGE = "http://uploads.test/**";

export interface PageWorld extends ApiWorld {
  url: string;
  /** Answer the storage's requests of this page; `before` comes first. */
  storage(page: Page, before?: (method: string) => Promise<void> | void): Promise<void>;
}

/** The API with its page, and no worker: what becomes of recordings is in the test's hands. */
export async function pageWorld(
  limits: Partial<Limits> = {},
  change: Partial<Services> = {},
): Promise<PageWorld> {
  const world = await apiWorld(limits, () => change, { page: buildPage });
  const { services, clock } = world;
  const { log } = services;
  const blobs = services.blobs as FolderBlobStore;
  const downloads = downloadRoutes({ blobs, clock, secret: SECRET });
  const uploads = uploadRoutes({
    blobs: blobs as FolderBlobStore,
    clock,
    secret: SECRET,
    idleSeconds: 20,
    onStored: (facts, created) => receiveUpload(services, facts, created),
    log,
  });
  const storage: PageWorld["storage"] = async (page, before = () => {}) =>
    void (await page.route(STORAGE, async (route) => {
      const request = route.request();
      const method = request.method();
      await before(method);
      const routes = method === "PUT" ? uploads : downloads;
      const body = request.postDataBuffer();
      const answer = await routes.fetch(
        new Request(request.url(), {
          method,
          headers: request.headers(),
          ...(body && { body: new Uint8Array(body) }),
        }),
      );
      await route.fulfill({
        status: answer.status,
        headers: Object.fromEntries(answer.headers),
        body: Buffer.from(await answer.arrayBuffer()),
      });
    }));
  return { ...world, url: await listen(world), storage };
}

/** Signed in, as after a sign-in in the same tab. */
export async function signedIn(page: Page, key: string): Promise<void> {
  await page.addInitScript((value) => sessionStorage.setItem("scriptorium.key", value), key);
}

/** What a worker does, with this transcript as its result. `recording`: null where it is uploaded already. */
export async function completeWith(
  { services }: { services: Services },
  id: string,
  transcript: Transcript,
  recording: string | Uint8Array | null = "RIFF",
): Promise<void> {
  const record = (await services.store.getTranscription(id))!;
  if (recording !== null) await services.blobs.put(record.source, recording);
  await acceptUpload(services, record);
  await claim(services, id, HOLD, 60);
  const claimed = (await services.store.getTranscription(id))!;
  await complete(services, claimed, HOLD, { ...transcript, id });
}
