import * as z from "zod";
import { failListing, finishListing } from "../../src/jobs/batches/finish-listing.ts";
import type { Services } from "../../src/jobs/services.ts";

/** What the state machine hands over at its end. */
const EVENT = z.object({
  batch_id: z.string(),
  /** Where the map failed, as Step Functions catches it. */
  error: z.object({ Error: z.string(), Cause: z.string().optional() }).optional(),
});

export type FinishListingEvent = z.infer<typeof EVENT>;
export type FinishListingHandler = (event: FinishListingEvent) => Promise<void>;

const UNREADABLE = "States.ItemReaderFailed";
const MOST_CHARACTERS = 500;

/** All items of a batch are known, or its source could not be read. May be repeated. Throws ZodError for another event. */
export function makeFinishListingHandler(services: Services): FinishListingHandler {
  return async (event) => {
    const { batch_id, error } = EVENT.parse(event);
    if (!error) return finishListing(services, batch_id);
    services.log.error("batch.listing_failed", { id: batch_id, error: error.Error, cause: error.Cause });
    await failListing(services, batch_id, describe(error));
  };
}

/** Of functions/list-source: the source is at fault, and the message says how. */
const SOURCE_UNREADABLE = "SourceUnreadable";

/** Only what Step Functions says of the source is the caller's business. */
function describe(error: NonNullable<FinishListingEvent["error"]>) {
  if (error.Error === UNREADABLE)
    return {
      code: "invalid_manifest",
      message:
        `The source of the batch could not be read. ${(error.Cause ?? "").slice(0, MOST_CHARACTERS)}`.trim(),
    };
  if (error.Error === SOURCE_UNREADABLE)
    return {
      code: "invalid_manifest",
      message: `The source of the batch could not be read. ${messageOf(error.Cause)}`.trim(),
    };
  return { code: "internal_error", message: "The source of the batch could not be read to its end." };
}

/** Lambda gives a thrown error's message as JSON. */
function messageOf(cause = ""): string {
  try {
    return String(JSON.parse(cause).errorMessage ?? "").slice(0, MOST_CHARACTERS);
  } catch {
    return "";
  }
}
