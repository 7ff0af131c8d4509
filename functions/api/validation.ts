import type { z } from "@hono/zod-openapi";
import { InvalidRequestError } from "../../src/jobs/errors.ts";

type Issue = z.core.$ZodIssue;

export interface FieldError {
  /** `hotwords.0.phrase`; the name of a parameter or header; empty: the body as a whole. */
  field: string;
  message: string;
}

const MOST_ERRORS = 20;
const MOST_NAME_CHARACTERS = 100;

/** What a schema has to say against a request. */
export function validationError(error: { issues: readonly Issue[] }): InvalidRequestError {
  const errors = error.issues.flatMap((issue) => fieldErrors(issue)).slice(0, MOST_ERRORS);
  const [first] = errors;
  const where = first.field === "" ? "" : `\`${first.field}\`: `;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more: see \`errors\`)` : "";
  return new InvalidRequestError(`${where}${first.message}${more}`, { errors });
}

function fieldErrors(issue: Issue, above: readonly PropertyKey[] = []): FieldError[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => fieldError([...path, key], "There is no such member."));
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const branches = issue.errors.map((issues) => issues.flatMap((inner) => fieldErrors(inner, path)));
    // The alternative that was most likely meant is the one with the least against it.
    return branches.reduce((least, branch) => (branch.length < least.length ? branch : least));
  }
  if (issue.code === "invalid_key")
    return issue.issues.map(({ message }) => fieldError(path, `Its name is at fault: ${message}`));
  return [fieldError(path, `${issue.message.replace(/\.$/, "")}.`)];
}

function fieldError(path: readonly PropertyKey[], message: string): FieldError {
  const field = path.map(String).join(".");
  return {
    field: field.length > MOST_NAME_CHARACTERS ? `${field.slice(0, MOST_NAME_CHARACTERS)}…` : field,
    message,
  };
}
