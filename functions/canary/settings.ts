import { InvalidRequestError } from "../../src/jobs/errors.ts";

/** Of the API. Throws InvalidRequestError naming the variable. */
export function readUrl(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const url = environment.SCRIPTORIUM_URL;
  if (!url)
    throw new InvalidRequestError("The environment lacks SCRIPTORIUM_URL.", { variable: "SCRIPTORIUM_URL" });
  return url;
}
