import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics } from "@aws-lambda-powertools/metrics";
import type { Context } from "aws-lambda";
import { powertoolsLog } from "./powertools-log.ts";
import { METRICS_NAMESPACE, powertoolsMetrics, stackDimension } from "./powertools-metrics.ts";
import { type AwsServicesOptions, awsServices } from "./services.ts";
import type { AwsSettings } from "./settings.ts";

/** What a function makes when it starts: the services, and a log whose lines tell the invocation. */
export function openFunction(
  serviceName: string,
  settings: AwsSettings,
  options: Omit<AwsServicesOptions, "log" | "metrics"> = {},
) {
  const logger = new Logger({ serviceName });
  const emf = new Metrics({ namespace: METRICS_NAMESPACE, serviceName, ...stackDimension(settings.stack) });
  const metrics = powertoolsMetrics(emf);
  const services = awsServices(settings, { log: powertoolsLog(logger), metrics, ...options });
  const logged =
    <Event, Answer>(handle: (event: Event, context: Context) => Promise<Answer>) =>
    (event: Event, context: Context): Promise<Answer> => {
      logger.addContext(context);
      return handle(event, context);
    };
  return { services, emf, logged };
}
