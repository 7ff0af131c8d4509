import type { ApiDocument, Call } from "./document.ts";
import { exampleOf } from "./example.ts";

/** The call as a command for a POSIX shell, with $SCRIPTORIUM_URL and $SCRIPTORIUM_API_KEY. */
export function curlExample(document: ApiDocument, { method, path, operation }: Call): string {
  const parameters = operation.parameters ?? [];
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const parameter = parameters.find((one) => one.in === "path" && one.name === name);
    return encodeURIComponent(String(parameter?.schema?.example ?? name));
  });
  const schema = operation.requestBody?.content["application/json"]?.schema;
  const lines = [
    `curl ${method === "GET" ? "" : `-X ${method} `}"$SCRIPTORIUM_URL${filled}"`,
    operation.security && `-H "Authorization: Bearer $SCRIPTORIUM_API_KEY"`,
    parameters.some(({ name }) => name === "idempotency-key") && `-H "Idempotency-Key: $(uuidgen)"`,
    schema && `-H "Content-Type: application/json"`,
    schema && `-d ${quote(JSON.stringify(exampleOf(document, schema)))}`,
    operation.requestBody?.content["multipart/form-data"] && "-F file=@call-17.wav",
  ];
  return lines.filter((line) => typeof line === "string").join(" \\\n  ");
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
