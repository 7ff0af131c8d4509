/** The key's place, so that it need not be on the command line. */
export function apiKey(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): string | null {
  return environment.SCRIPTORIUM_API_KEY || null;
}
