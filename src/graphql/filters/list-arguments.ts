import { GatewayError } from "../../gateway-error.ts";
import type { ApiClass, ApiField, FieldComplexity } from "../classes/api-class.ts";
import { API_SCALARS } from "../classes/scalars.ts";

/** How many items a list has where it isn't told, and how many it may have. */
export interface PageSize {
  readonly default: number;
  readonly max: number;
}

/** What the arguments of lists are made from. */
export interface ListInputs {
  /** The filter of a type, by the type's name. */
  readonly filterOf: (typeName: string) => ApiClass;
  /** The sort key of a type, by the type's name. */
  readonly sortOf: (typeName: string) => ApiClass;
  readonly pageSize: PageSize;
}

/** `filter`, `orderBy` and `first` of a list of items of a type. */
export function listArguments(typeName: string, inputs: ListInputs): readonly ApiField[] {
  const { pageSize } = inputs;
  return [
    {
      name: "filter",
      description: "Which items. Left out, all.",
      type: () => inputs.filterOf(typeName),
      nullable: true,
    },
    {
      name: "orderBy",
      description: "In which order; items that are equal so far go by id.",
      type: () => [inputs.sortOf(typeName)],
      nullable: true,
    },
    {
      name: "first",
      description: `How many items at most: 0 to ${pageSize.max}. Left out, ${pageSize.default}.`,
      type: () => API_SCALARS.Int,
      nullable: true,
    },
  ];
}

/** The complexity of a list: what one row costs, for each row that it may have. */
export function listComplexity(limits: PageSize): FieldComplexity {
  return ({ args: { first }, childComplexity }) => {
    const rows = isPageSize(first, limits) ? Math.max(1, first) : limits.default;
    return rows * (1 + childComplexity);
  };
}

/**
 * How many items an argument `first` asks for.
 *
 * @throws GatewayError BAD_USER_INPUT out of range.
 */
export function pageSizeOf(first: unknown, limits: PageSize): number {
  if (first === null || first === undefined) {
    return limits.default;
  }
  if (!isPageSize(first, limits)) {
    throw new GatewayError("BAD_USER_INPUT", `\`first\` must be between 0 and ${limits.max}.`);
  }
  return first;
}

function isPageSize(first: unknown, { max }: PageSize): first is number {
  return typeof first === "number" && first >= 0 && first <= max;
}
