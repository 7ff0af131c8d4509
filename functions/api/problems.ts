import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { BlobNotFoundError, RateLimitedError, ServiceError } from "../../src/jobs/errors.ts";
import type { Log } from "../../src/jobs/ports/index.ts";
import type { ApiEnvironment } from "./environment.ts";
import { openAiError } from "./openai/error-member.ts";

export const PROBLEM_TYPE = "application/problem+json";

/** What each code answers with, and when: the one place that knows both. */
export const PROBLEMS = {
  invalid_request: { status: 400, title: "Bad Request", when: "The request makes no sense as it is." },
  unauthorized: { status: 401, title: "Unauthorized", when: "The API key is missing, unknown or revoked." },
  forbidden: { status: 403, title: "Forbidden", when: "The key may not do this: an admin key may." },
  not_found: { status: 404, title: "Not Found", when: "There is no such thing, or it is another owner's." },
  method_not_allowed: {
    status: 405,
    title: "Method Not Allowed",
    when: "The path knows other methods: see Allow.",
  },
  not_acceptable: {
    status: 406,
    title: "Not Acceptable",
    when: "The Accept header names no format there is.",
  },
  request_timeout: { status: 408, title: "Request Timeout", when: "The body came in too slowly." },
  not_completed: { status: 409, title: "Conflict", when: "It is not completed: see `current_status`." },
  not_cancelable: { status: 409, title: "Conflict", when: "It has ended: see `current_status`." },
  transcription_failed: {
    status: 400,
    title: "Bad Request",
    when: "The recording cannot be transcribed: see `error`.",
  },
  not_in_parts: { status: 409, title: "Conflict", when: "It is not uploaded in parts." },
  parts_missing: { status: 409, title: "Conflict", when: "Parts are missing: see `missing_parts`." },
  upload_over: { status: 409, title: "Conflict", when: "No upload is awaited: see `current_status`." },
  no_webhook: { status: 409, title: "Conflict", when: "It was created without a webhook." },
  deleted: { status: 410, title: "Gone", when: "It was deleted." },
  too_large: { status: 413, title: "Content Too Large", when: "The body is larger than `limit_bytes`." },
  unsupported_media_type: { status: 415, title: "Unsupported Media Type", when: "The body is not JSON." },
  idempotency_key_reused: {
    status: 422,
    title: "Unprocessable Content",
    when: "The Idempotency-Key was used for a different request.",
  },
  rate_limited: { status: 429, title: "Too Many Requests", when: "Too many requests with this key." },
  internal_error: { status: 500, title: "Internal Server Error", when: "The service is at fault." },
  storage_read_only: {
    status: 503,
    title: "Service Unavailable",
    when: "The service cannot write to its storage for now.",
  },
  not_yet_completed: {
    status: 504,
    title: "Gateway Timeout",
    when: "It takes longer than the call may: ask for `transcription_id` later.",
  },
  storage_full: {
    status: 507,
    title: "Insufficient Storage",
    when: "The service has no storage left for now.",
  },
  // Of the upload itself, where the service keeps recordings on its own machine.
  upload_incomplete: { status: 400, title: "Bad Request", when: "The connection broke off." },
  upload_url_invalid: {
    status: 403,
    title: "Forbidden",
    when: "The URL, or the Content-Type sent to it, is not as it was made.",
  },
  upload_headers_missing: {
    status: 403,
    title: "Forbidden",
    when: "The headers of `upload.headers` were not sent with it.",
  },
  upload_url_expired: { status: 403, title: "Forbidden", when: "The time to begin the upload is over." },
  upload_stalled: { status: 408, title: "Request Timeout", when: "Nothing was sent for a minute." },
  not_awaited: { status: 409, title: "Conflict", when: "It was canceled: it awaits no upload any more." },
  already_uploaded: { status: 412, title: "Precondition Failed", when: "It was uploaded before." },
} as const satisfies Record<string, { status: ContentfulStatusCode; title: string; when: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** A problem of HTTP itself: of methods, formats and media types, which use cases know nothing of. */
export class HttpProblemError extends ServiceError {
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    message: string,
    headers: Record<string, string> = {},
    details: Record<string, unknown> = {},
  ) {
    super(code, message, details);
    this.headers = headers;
  }
}

/** The answer to whatever was thrown. What nobody foresaw is logged and says nothing of its cause. */
export function answerProblem(context: Context<ApiEnvironment>, error: unknown, log: Log): Response {
  return problemResponse(context, toProblem(error, context.get("requestId"), log).problem);
}

/** Likewise, where an answer has begun already. */
export function toProblem(
  error: unknown,
  requestId: string,
  log: Log,
): { status: ContentfulStatusCode; problem: ServiceError } {
  const problem = knownProblem(error);
  if (problem) return { status: PROBLEMS[problem.code as ProblemCode].status, problem };
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log.error("request.failed", { request_id: requestId, error: stack });
  const detail = `Something went wrong in the service. It was logged under the request id ${requestId}.`;
  return { status: 500, problem: new ServiceError("internal_error", detail, { request_id: requestId }) };
}

/** `status`: another than the code's own. */
export function problemResponse(
  context: Context<ApiEnvironment>,
  error: ServiceError,
  status?: ContentfulStatusCode,
): Response {
  const known = PROBLEMS[error.code as ProblemCode];
  // `status` is HTTP's own member here: what stood in the way goes by another name.
  const { status: current, ...details } = error.details;
  const document = {
    type: "about:blank",
    title: known.title,
    status: status ?? known.status,
    code: error.code,
    detail: error.message,
    ...(current !== undefined && { current_status: current }),
    ...details,
    ...openAiError(context.req.path, status ?? known.status, error),
  };
  const headers = { "content-type": PROBLEM_TYPE, ...headersOf(error) };
  return context.body(JSON.stringify(document), status ?? known.status, headers);
}

function knownProblem(error: unknown): ServiceError | null {
  // An object that a record names and that is not there is no mistake of the caller's.
  if (!(error instanceof ServiceError) || error instanceof BlobNotFoundError) return null;
  return error.code in PROBLEMS && error.code !== "internal_error" ? error : null;
}

function headersOf(error: ServiceError): Record<string, string> {
  if (error instanceof RateLimitedError) return { "retry-after": String(error.retryAfterSeconds) };
  if (error instanceof HttpProblemError) return error.headers;
  return error.code === "unauthorized" ? { "www-authenticate": "Bearer" } : {};
}
