import type { Fault } from "../api/shapes.ts";
import { TEXT } from "../text.ts";

/** Why something failed, and what one may do about it. */
export function FaultNote({ fault }: { fault: Fault }) {
  const remedy = (TEXT.remedies as Record<string, string>)[fault.code];
  return (
    <p class="fault">
      {fault.message} {remedy}
    </p>
  );
}
