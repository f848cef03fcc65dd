import { loadModel } from "../../src/model/load-model.ts";
import { ModelError } from "../../src/model/model-error.ts";

/** The faults of model files with these texts, `m0.graphql` and so on, a line each. */
export function faultsOf(...texts: readonly string[]): readonly string[] {
  try {
    loadModel(texts.map((text, index) => ({ path: `m${index}.graphql`, text })));
  } catch (error) {
    if (error instanceof ModelError) {
      return error.message.split("\n");
    }
    throw error;
  }
  return [];
}
