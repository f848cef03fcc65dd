import type { Observe } from "../observation.ts";
import { containerFaults, type RealContainer } from "./container-faults.ts";
import type { Model } from "./model.ts";

/** The models describe other partition keys than the containers have. One fault a line. */
export class ModelMismatchError extends Error {}

/**
 * Asks for each container of the models once, and compares. What can't be asked now is no
 * contradiction: it is observed, and readiness tells it.
 *
 * @throws ModelMismatchError
 */
export async function checkContainersFit(
  model: Model,
  readContainer: (id: string) => Promise<RealContainer | undefined>,
  observe: Observe,
): Promise<void> {
  const ids = new Set([...model.types.values()].map(({ container }) => container));
  const answers = await Promise.all(
    [...ids].map((id) =>
      readContainer(id).catch((error: unknown) => {
        observe({ kind: "container-unchecked", container: id, error });
        return undefined;
      }),
    ),
  );
  const faults = containerFaults(
    model,
    answers.filter((container) => container !== undefined),
  );
  if (faults.length > 0) {
    throw new ModelMismatchError(faults.join("\n"));
  }
}
