import type { ServiceError } from "../../../src/jobs/errors.ts";

/** The paths that OpenAI has as well. */
const PATHS = /^\/v1\/(audio\/|models$)/;

export interface OpenAiError {
  error: { message: string; type: string; param: string | null; code: string };
}

/**
 * What a problem has besides, where clients of OpenAI meet it: `error` is all that they read of an answer, and they make
 * their own typed errors of it. Of a recording that failed it has the recording's code.
 */
export function openAiError(path: string, status: number, error: ServiceError): OpenAiError | null {
  return PATHS.test(path) ? openAiErrorOf(status, error) : null;
}

export function openAiErrorOf(status: number, { code, message, details }: ServiceError): OpenAiError {
  const {
    error: reason,
    field,
    errors,
  } = details as {
    error?: { code: string };
    field?: string;
    errors?: { field: string }[];
  };
  const param = field ?? errors?.[0]?.field ?? null;
  return { error: { message, type: typeOf(status), param, code: reason?.code ?? code } };
}

function typeOf(status: number): string {
  if (status === 429) return "rate_limit_error";
  return status >= 500 ? "server_error" : "invalid_request_error";
}
