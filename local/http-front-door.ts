import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { createApi } from "../functions/api/app.ts";
import { requestIdOf } from "../functions/api/middleware/request-id.ts";
import { ServiceError } from "../src/jobs/errors.ts";
import { downloadRoutes } from "../src/local/download-routes.ts";
import { DOWNLOADS } from "../src/local/folder/download-urls.ts";
import { MemoryRateLimiter } from "../src/local/memory-rate-limiter.ts";
import { uploadRoutes } from "../src/local/upload-routes.ts";
import { METRICS, metricsRoutes } from "./metrics-routes.ts";
import type { OpenedServices } from "./open-services.ts";
import { receiveUpload } from "./recover-uploads.ts";
import { renderInThread } from "./rendering/render-in-thread.ts";
import { SIGN_IN, type SignIn } from "./sign-in.ts";
import { VERSION } from "./version.ts";

export interface FrontDoorOptions {
  port: number;
  host?: string;
  /** Signs upload URLs; base64. */
  uploadSecret: string;
  /** Opens the page without a key. Default: nothing does. */
  signIn?: SignIn;
  /** Seconds in which a request's headers must have come. Default 20. */
  headersSeconds?: number;
}

const LOOPBACK = "127.0.0.1";
/** An upload that sends nothing for so long is given up. */
const IDLE_SECONDS = 60;
const HEADERS_SECONDS = 20;
/** Clients on Node hear nothing for five minutes at most. */
const FORM_SECONDS = 280;
/** Calls under way at the end may take so long. */
const CLOSE_MS = 5000;

/** HTTP on one port: the API that runs on Lambda as well, the uploads that S3 takes there, and the metrics. */
export class HttpFrontDoor {
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server, host: string) {
    const { port } = server.address() as AddressInfo;
    this.#server = server;
    this.url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  }

  /** Throws ServiceError port_taken. */
  static async open(opened: OpenedServices, options: FrontDoorOptions): Promise<HttpFrontDoor> {
    const { port, host = LOOPBACK, headersSeconds = HEADERS_SECONDS } = options;
    const fetch = routes(opened, options);
    const server = serve({
      fetch,
      port,
      hostname: host,
      // A recording of 2 GB may take longer than Node allows a request by default; IDLE_SECONDS guards instead. Without a
      // limit of their own, headers would have none either, and connections that send nothing would live for ever.
      serverOptions: {
        requestTimeout: 0,
        headersTimeout: headersSeconds * 1000,
        connectionsCheckingInterval: Math.min(5000, headersSeconds * 500),
      },
    }) as Server;
    await listening(server, host, port);
    // Listening on every interface is no address to be called at.
    return new HttpFrontDoor(server, /^(0\.0\.0\.0|::)$/.test(host) ? LOOPBACK : host);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeIdleConnections();
      setTimeout(() => this.#server.closeAllConnections(), CLOSE_MS).unref();
    });
  }
}

function routes(
  { services, metrics, folders, health }: OpenedServices,
  { uploadSecret, signIn }: FrontDoorOptions,
) {
  const { blobs, clock, limits } = services;
  const rateLimiter = new MemoryRateLimiter({ requestsPerMinute: limits.requestsPerMinute, clock });
  const forms = { mostBytes: limits.uploadBytes, waitSeconds: FORM_SECONDS };
  const api = createApi(services, {
    rateLimiter,
    version: VERSION,
    render: renderInThread,
    health: () => health.check(),
    forms,
    page: builtPage,
  });
  const secret = Buffer.from(uploadSecret, "base64");
  const downloads = downloadRoutes({ blobs, clock, secret });
  const uploads = uploadRoutes({
    blobs: folders,
    clock,
    secret,
    idleSeconds: IDLE_SECONDS,
    onStored: (facts, created) => receiveUpload(services, facts, created),
    log: services.log,
  });
  const figures = metricsRoutes(metrics);
  const other = (request: Request, environment: unknown): Response | Promise<Response> | null => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/uploads/")) return uploads.fetch(request, environment as object);
    if (pathname.startsWith(DOWNLOADS)) return downloads.fetch(request, environment as object);
    if (pathname === SIGN_IN && signIn && request.method === "POST") return signIn.answer(request);
    return pathname === METRICS ? figures.fetch(request, environment as object) : null;
  };
  return async (request: Request, environment: unknown): Promise<Response> => {
    const answering = other(request, environment);
    if (answering === null) return api.fetch(request, environment as object);
    const answer = await answering;
    answer.headers.set("x-request-id", requestIdOf(request, services.ids));
    return answer;
  };
}

/** From its source, when it is first opened: nobody else has to wait for the bundler. */
async function builtPage() {
  const { buildPage } = await import("../web/build.ts");
  return buildPage();
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    if (server.listening) return resolve();
    server.once("listening", resolve);
    server.once("error", (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} of ${host} is taken. Is the service running already? Set SCRIPTORIUM_PORT for another.`;
      const message =
        error.code === "EADDRINUSE" ? taken : `Cannot listen on ${host}:${port}: ${error.message}`;
      reject(new ServiceError(error.code === "EADDRINUSE" ? "port_taken" : "cannot_listen", message));
    });
  });
}
