import { plainQueryError } from "../../query-error.ts";
import type { CodePointRange, RegexAssertion, RegexNode } from "./regex-node.ts";

/** One step of a program. Targets are places in the program. */
export type RegexStep =
  | { readonly kind: "set"; readonly negated: boolean; readonly ranges: readonly CodePointRange[] }
  | { readonly kind: "assertion"; readonly assertion: RegexAssertion }
  | { kind: "fork"; first: number; second: number }
  | { readonly kind: "match" };

const MAX_STEPS = 5000;

/**
 * The tree as steps that all run at once (Thompson's construction).
 *
 * @throws CosmosError 400 for a pattern that unfolds too far.
 */
export function createRegexProgram(tree: RegexNode): readonly RegexStep[] {
  const steps: RegexStep[] = [];
  const push = (step: RegexStep): number => {
    if (steps.length >= MAX_STEPS) {
      throw plainQueryError("The regular expression repeats too much.");
    }
    return steps.push(step) - 1;
  };
  const pushFork = () => {
    const fork = { kind: "fork" as const, first: 0, second: 0 };
    push(fork);
    return fork;
  };

  const emit = (node: RegexNode): void => {
    switch (node.kind) {
      case "set":
      case "assertion":
        push(node);
        break;
      case "sequence":
        node.nodes.forEach(emit);
        break;
      case "alternatives":
        emitAlternatives(node.nodes);
        break;
      default:
        emitRepeat(node.node, node.min, node.max);
    }
  };

  const emitAlternatives = (nodes: readonly RegexNode[]): void => {
    const ends: { first: number; second: number }[] = [];
    nodes.forEach((node, index) => {
      if (index === nodes.length - 1) {
        emit(node);
        return;
      }
      const fork = pushFork();
      fork.first = steps.length;
      emit(node);
      ends.push(pushFork());
      fork.second = steps.length;
    });
    for (const end of ends) {
      end.first = steps.length;
      end.second = steps.length;
    }
  };

  const emitRepeat = (node: RegexNode, min: number, max: number): void => {
    for (let count = 0; count < min; count += 1) {
      emit(node);
    }
    if (max === Number.POSITIVE_INFINITY) {
      const place = steps.length;
      const fork = pushFork();
      fork.first = steps.length;
      emit(node);
      const back = pushFork();
      back.first = place;
      back.second = place;
      fork.second = steps.length;
      return;
    }
    const forks: { first: number; second: number }[] = [];
    for (let count = min; count < max; count += 1) {
      const fork = pushFork();
      fork.first = steps.length;
      forks.push(fork);
      emit(node);
    }
    for (const fork of forks) {
      fork.second = steps.length;
    }
  };

  emit(tree);
  push({ kind: "match" });
  return steps;
}
