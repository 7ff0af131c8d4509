import { z } from "zod";
import { CliError } from "../errors.ts";
import { printable } from "../readable.ts";

/** The service said no. */
export class ApiError extends CliError {
  readonly status: number;
  /** What a Retry-After header asked for; null: nothing. */
  readonly retryAfterSeconds: number | null;
  constructor(code: string, message: string, status: number, retryAfterSeconds: number | null = null) {
    super(code, message);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The service could not be reached, or broke off. */
export class ConnectionError extends CliError {
  /** Nobody is there, or so it seems: unlike a connection that broke, not worth another try on the first contact. */
  readonly absent: boolean;
  constructor(message: string, absent: boolean, options?: ErrorOptions) {
    super("not_reachable", message, options);
    this.absent = absent;
  }
}

const problem = z.object({
  code: z.string(),
  detail: z.string().optional(),
  title: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
});

/**
 * An answer that is no success → its error: from problem+json, S3's XML or, where a gateway in between answered, the
 * status alone.
 */
export function toApiError(
  status: number,
  body: string,
  retryAfterSeconds: number | null,
  location: string | null = null,
): ApiError {
  const { code, message } = fromProblem(body) ??
    fromXml(body) ?? { code: `http_${status}`, message: byStatus(status, location) };
  const remedy = status === 401 ? ` ${KEY_REMEDY}` : "";
  return new ApiError(code, printable(message) + remedy, status, retryAfterSeconds);
}

const KEY_REMEDY =
  "Check --api-key or SCRIPTORIUM_API_KEY; whoever runs the service makes keys with: scriptorium keys create.";

function fromProblem(body: string): { code: string; message: string } | null {
  const { data } = problem.safeParse(parseJson(body));
  if (!data) return null;
  const fields = (data.errors ?? []).map(({ field, message }) => `${field}: ${message}`);
  return { code: data.code, message: [data.detail ?? data.title ?? data.code, ...fields].join(" ") };
}

function fromXml(body: string): { code: string; message: string } | null {
  const code = /<Code>(\w+)<\/Code>/.exec(body)?.[1];
  return code === undefined ? null : { code, message: /<Message>([^<]*)</.exec(body)?.[1] ?? code };
}

function byStatus(status: number, location: string | null): string {
  if (location !== null) return `The server sends us on to ${location} (${status}). Use that URL.`;
  return `The server answered ${status}, and not in the words of Scriptorium. Is the URL right?`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
