import { GatewayError } from "../gateway-error.ts";
import { containerFaults, type RealContainer } from "./container-faults.ts";
import type { Model } from "./model.ts";

/** The models describe other partition keys than the containers have. One fault a line. */
export class ModelMismatchError extends Error {}

/**
 * Asks for each container of the models, and compares.
 *
 * @throws ModelMismatchError if one contradicts its model.
 * @throws GatewayError `CONTAINER_MISSING`, naming those that are not there, or what kept one from
 *   being read.
 */
export async function checkContainersFit(
  model: Model,
  readContainer: (id: string) => Promise<RealContainer | undefined>,
): Promise<void> {
  const ids = [...new Set([...model.types.values()].map(({ container }) => container))];
  const answers = await Promise.allSettled(ids.map((id) => readContainer(id)));
  const containers = answers.flatMap((answer) =>
    answer.status === "fulfilled" && answer.value !== undefined ? [answer.value] : [],
  );
  const faults = containerFaults(model, containers);
  if (faults.length > 0) {
    throw new ModelMismatchError(faults.join("\n"));
  }
  const unreadable = answers.find((answer) => answer.status === "rejected");
  if (unreadable !== undefined) {
    throw unreadable.reason;
  }
  const missing = ids.filter((_, index) => {
    const answer = answers[index];
    return answer?.status === "fulfilled" && answer.value === undefined;
  });
  if (missing.length > 0) {
    const message = missingMessage(missing);
    throw new GatewayError("CONTAINER_MISSING", message, { logReason: message });
  }
}

function missingMessage(missing: readonly string[]): string {
  const names = missing.map((id) => `"${id}"`).join(", ");
  return `The database has no container ${names}.`;
}
