import type { Services } from "../services.ts";
import { updateOwner } from "./secrets.ts";

type OwnerServices = Pick<Services, "store" | "clock" | "ids">;

/** The oldest are forgotten: whoever answers 410 under ever new URLs must not make the record grow without end. */
const MOST_DISABLED = 100;

/** No event goes there any more, until a redelivery succeeds. */
export async function disableEndpoint(services: OwnerServices, ownerId: string, url: string): Promise<void> {
  await updateOwner(services, ownerId, ({ disabledEndpoints }) =>
    disabledEndpoints.includes(url)
      ? null
      : { disabledEndpoints: [...disabledEndpoints, url].slice(-MOST_DISABLED) },
  );
}

export async function enableEndpoint(services: OwnerServices, ownerId: string, url: string): Promise<void> {
  await updateOwner(services, ownerId, ({ disabledEndpoints }) =>
    disabledEndpoints.includes(url)
      ? { disabledEndpoints: disabledEndpoints.filter((disabled) => disabled !== url) }
      : null,
  );
}
