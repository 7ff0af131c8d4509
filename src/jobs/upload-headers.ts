/** What a PUT to an upload URL has to send, wherever objects lie: it makes an object once, of the type it was created with. */
export function uploadHeaders(contentType: string | undefined): Record<string, string> {
  return { ...(contentType !== undefined && { "Content-Type": contentType }), "If-None-Match": "*" };
}
