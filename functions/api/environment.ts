import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Caller } from "../../src/jobs/owner.ts";
import type { RateLimiter } from "../../src/jobs/ports/index.ts";
import type { Render } from "../../src/jobs/use-cases/read-transcript.ts";
import type { FormLimits } from "./forms/limits.ts";
import type { PageFile } from "./page-files.ts";

/** What the middleware leaves for the calls. */
export interface ApiEnvironment {
  Variables: {
    requestId: string;
    /** On /v1 alone. */
    caller: Caller;
    /** Of a /v1 request that may have one: all of it, within the limit. */
    bodyBytes: Uint8Array<ArrayBuffer>;
  };
}

export type Api = OpenAPIHono<ApiEnvironment>;

/** Something that whoever runs the service should see to. */
export interface HealthWarning {
  code: string;
  message: string;
}

export interface ApiOptions {
  rateLimiter: RateLimiter;
  /** Of this program, for the OpenAPI document. */
  version: string;
  /** The built page, asked for once. Default: there is none. */
  page?: () => Promise<PageFile[]>;
  /**
   * What keeps the service from some of its work, where there is more to look at than the store. May throw ServiceErrors
   * of storage. Default: nothing.
   */
  health?: () => Promise<HealthWarning[]>;
  /** Renders a long transcript, off the loop where others wait for it. Default: at once. */
  render?: Render;
  /** Default: as large as an upload may be, and a wait of 25 s. */
  forms?: FormLimits;
  /** Passes time between two looks of a long poll. Default: real time. */
  pause?: (ms: number) => Promise<void>;
}
