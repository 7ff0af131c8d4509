import { z } from "@hono/zod-openapi";
import { PROBLEM_TYPE, PROBLEMS, type ProblemCode } from "../problems.ts";

const CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

export const ProblemSchema = z
  .object({
    type: z.literal("about:blank"),
    title: z.string().openapi({ description: "The status in words." }),
    status: z.int().openapi({ description: "The HTTP status." }),
    code: z.enum(CODES).openapi({ description: "For machines; codes do not change." }),
    detail: z
      .string()
      .openapi({ description: "For people: what is wrong and, where there is one, the remedy." }),
    errors: z
      .array(z.object({ field: z.string(), message: z.string() }))
      .optional()
      .openapi({ description: "invalid_request: each member, parameter or header at fault." }),
    field: z.string().optional().openapi({ description: "invalid_request: the one member at fault." }),
    current_status: z.string().optional().openapi({ description: "The status that stood in the way." }),
    error: z
      .object({
        code: z.string(),
        message: z.string(),
        type: z.string().optional(),
        param: z.string().nullable().optional(),
      })
      .optional()
      .openapi({
        description:
          "not_completed, transcription_failed: why the transcription failed. In answers of the calls that OpenAI has as well: the same as clients of OpenAI read it.",
      }),
    missing_parts: z.array(z.int()).optional().openapi({ description: "parts_missing: their numbers." }),
    transcription_id: z.string().optional().openapi({ description: "not_yet_completed: what to ask for." }),
    limit_bytes: z.int().optional().openapi({ description: "too_large: the largest body that is taken." }),
    request_id: z
      .string()
      .optional()
      .openapi({ description: "internal_error: to quote when asking about it." }),
  })
  .openapi("Problem", { description: "What went wrong (RFC 9457)." });

/** Of any call under /v1. */
const EVERYWHERE: readonly ProblemCode[] = [
  "invalid_request",
  "unauthorized",
  "request_timeout",
  "rate_limited",
  "internal_error",
  "storage_read_only",
  "storage_full",
];

/** By whoever takes the connection, before the service sees anything of it. */
export const TOO_LONG = { description: "URL and headers are longer than 16 KB together. There is no body." };

/** The answers of a call under /v1 with these problems and those that every such call may have. */
export function problemAnswers(...codes: ProblemCode[]) {
  return { ...answersOf([...EVERYWHERE, ...codes]), 431: TOO_LONG };
}

/** The answers of a call with these problems alone. */
export function answersOf(codes: readonly ProblemCode[]) {
  const answers: Record<string, ReturnType<typeof problemAnswer>> = {};
  const byStatus = Map.groupBy(codes, (code) => PROBLEMS[code].status);
  for (const [status, group] of byStatus) answers[status] = problemAnswer(group);
  return answers;
}

function problemAnswer(codes: readonly ProblemCode[]) {
  const example = (code: ProblemCode) => {
    const { status, title, when } = PROBLEMS[code];
    return { value: { type: "about:blank" as const, title, status, code, detail: when } };
  };
  const headers = {
    "X-Request-Id": header("To quote when asking about this request."),
    ...(codes.includes("rate_limited") && { "Retry-After": header("Seconds to wait.") }),
    ...(codes.includes("unauthorized") && { "WWW-Authenticate": header("Bearer.") }),
  };
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].when}`).join(" "),
    headers,
    content: {
      [PROBLEM_TYPE]: {
        schema: ProblemSchema,
        examples: Object.fromEntries(codes.map((code) => [code, example(code)])),
      },
    },
  };
}

export function header(description: string) {
  return { description, schema: { type: "string" as const } };
}
