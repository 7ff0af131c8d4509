import type { Batch, Status } from "../api/shapes.ts";
import { TEXT } from "../text.ts";

export function StatusMark({ status }: { status: Status | Batch["status"] }) {
  const words = { ...TEXT.statuses, ...TEXT.batches.statuses };
  return (
    <span class="mark" data-status={status}>
      {words[status]}
    </span>
  );
}
