import { formatLabels, type Labels, labelValue } from "@ratatosk/model";
import { errorLabel } from "@ratatosk/pipeline";

/** Why a metric query fails over a line that its pipeline could not process. */
export function pipelineError(labels: Labels): string {
  const error = labelValue(labels, errorLabel) ?? "";
  return `pipeline error: '${error}' for series: '${formatLabels(labels)}'.
Use a label filter to intentionally skip this error. (e.g | __error__!="${error}").
To skip all potential errors you can match empty errors.(e.g __error__="")
The label filter can also be specified after unwrap. (e.g | unwrap latency | __error__="" )
`;
}
