import { type ASTNode, type GraphQLError, getLocation, type Source } from "graphql";
import type { ModelFault } from "./model-error.ts";

/** Gathers faults while the model files are read, so that one run reports them all. */
export interface FaultCollector {
  /** A fault at a place of a parsed file. */
  at(node: ASTNode, message: string): void;
  /** A file that isn't GraphQL. */
  syntax(source: Source, error: GraphQLError): void;
  /** In the order of files, lines and columns; each once. */
  list(): readonly ModelFault[];
}

export function createFaultCollector(sources: readonly Source[]): FaultCollector {
  const faults = new Map<string, ModelFault>();
  const add = (source: Source | undefined, position: number, message: string) => {
    const place = source === undefined ? { line: 1, column: 1 } : getLocation(source, position);
    const fault = {
      path: source?.name ?? sources[0]?.name ?? "model",
      line: place.line,
      column: place.column,
      message,
    };
    faults.set(JSON.stringify(fault), fault);
  };
  const fileOrder = new Map(sources.map((source, index) => [source.name, index]));

  return {
    at(node, message) {
      add(node.loc?.source, node.loc?.start ?? 0, message);
    },
    syntax(source, error) {
      const text = error.message.replace(/^Syntax Error: /, "");
      add(source, error.positions?.[0] ?? 0, `This is not GraphQL SDL: ${text}`);
    },
    list() {
      return [...faults.values()].sort(
        (left, right) =>
          (fileOrder.get(left.path) ?? 0) - (fileOrder.get(right.path) ?? 0) ||
          left.line - right.line ||
          left.column - right.column,
      );
    },
  };
}
