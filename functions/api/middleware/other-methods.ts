import type { Api } from "../environment.ts";
import { HttpProblemError } from "../problems.ts";

/** Answer 405 with Allow where a path is known by other methods. To be called after all calls have been added. */
export function addOtherMethods(app: Api): void {
  const methods = new Map<string, Set<string>>();
  for (const { path, method } of app.routes) {
    if (path.includes("*") || method === "ALL") continue;
    const known = methods.get(path) ?? new Set();
    known.add(method);
    if (method === "GET") known.add("HEAD");
    methods.set(path, known);
  }
  for (const [path, known] of methods) {
    const allow = [...known, "OPTIONS"].sort().join(", ");
    app.options(path, (context) => context.body(null, 204, { allow }));
    app.all(path, (context) => {
      const message = `${context.req.method} is not known here, only ${allow}.`;
      throw new HttpProblemError("method_not_allowed", message, { allow });
    });
  }
}
