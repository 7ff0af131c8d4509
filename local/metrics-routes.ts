import { Hono } from "hono";
import type { PrometheusMetrics } from "./prometheus-metrics.ts";

export const METRICS = "/metrics";

/** `GET /metrics` and its HEAD. */
export function metricsRoutes(metrics: Pick<PrometheusMetrics, "answer">): Hono {
  const routes = new Hono();
  routes.get(METRICS, () => metrics.answer());
  routes.all(METRICS, (c) => {
    c.header("allow", "GET, HEAD");
    return c.text(`${c.req.method} is not known here, only GET and HEAD.\n`, 405);
  });
  return routes;
}
