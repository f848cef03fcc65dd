import {
  defaultFieldResolver,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import type { Model, QueriedType } from "../../model/model.ts";
import { operationNames } from "../../model/operation-names.ts";
import type { RequestContext } from "../request-context.ts";
import { inPlaceOfMisfit, misfitOf } from "./misfit-ledger.ts";
import {
  type CheckedSelection,
  createObjectCheck,
  isPromise,
  type ValueCheck,
  type ValueFault,
} from "./value-check.ts";
import { noteWritten } from "./written-places.ts";

/**
 * Judges each item of an answer before GraphQL completes it, in every field that gives items, own
 * resolvers' included. Cosmos DB has no schema, so an item may lack what the model requires, or
 * hold something else there. GraphQL would let that take the neighbours as well, up to the next
 * place that may be null; here an error stands in the place of the item and nothing else is
 * touched.
 *
 * An item is judged by what is selected of it in its place. Any other misfit shows nowhere.
 */
export function judgeItems(schema: GraphQLSchema, model: Model): void {
  const writes = new Set(
    [...model.types.values()].flatMap(({ name }) => Object.values(operationNames(name))),
  );
  const owners = Object.values(schema.getTypeMap()).filter(isObjectType);
  const fields = owners.flatMap((owner) => Object.values(owner.getFields()));
  // Now, before Apollo Server gives each field a resolver.
  const storedFields = new Set(fields.filter(({ resolve }) => resolve === undefined));
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  for (const field of fields) {
    const { name } = getNamedType(field.type);
    const type = model.types.get(name) ?? model.abstractTypes.get(name);
    if (type !== undefined) {
      const isWritten = mutations.includes(field) && writes.has(field.name);
      judgeField(field, { type, isWritten, storedFields, checks: new WeakMap() });
    }
  }
}

function judgeField(field: GraphQLField<unknown, RequestContext>, judged: JudgedField): void {
  const { resolve = defaultFieldResolver } = field;
  field.resolve = (owner, args, context, info) => {
    const place = { ...judged, context, info };
    const result: unknown = resolve(owner, args, context, info);
    return judged.isWritten
      ? Promise.resolve(result).then((written) => {
          noteWritten(context, info.path.key, written);
          return judge(written, field.type, place);
        })
      : judge(result, field.type, place);
  };
}

/** A field that gives items. */
interface JudgedField extends Pick<CheckedSelection, "storedFields"> {
  readonly type: QueriedType;
  /** Whether it writes the items that it gives. */
  readonly isWritten: boolean;
  /**
   * By the selecting nodes, which GraphQL makes anew for each execution, and by the item's type.
   */
  readonly checks: WeakMap<readonly FieldNode[], Map<string, ValueCheck>>;
}

interface Place extends JudgedField {
  readonly context: RequestContext;
  readonly info: GraphQLResolveInfo;
}

/** What a field gives, with each item judged: one, or a list, now or later. */
function judge(result: unknown, type: GraphQLOutputType, place: Place): unknown {
  if (isPromise(result)) {
    return result.then((value) => judge(value, type, place));
  }
  if (typeof result !== "object" || result === null || result instanceof Error) {
    return result;
  }
  const nullableType = getNullableType(type);
  if (isListType(nullableType)) {
    return Array.isArray(result)
      ? result.map((element: unknown) => judge(element, nullableType.ofType, place))
      : result;
  }
  // An item is an object of any properties.
  const item = result as Readonly<Record<string, unknown>>;
  const objectType = objectTypeOf(item, place);
  const fault = objectType === undefined ? noType(place.type) : checkOf(objectType, place)(item);
  return fault === undefined
    ? item
    : inPlaceOfMisfit(place.context, {
        ...misfitOf(place.type, item, fault),
        ...(objectType !== undefined && { type: objectType.name }),
        mayBeNull: !isNonNullType(type),
      });
}

/**
 * The item's own type; undefined for an item of an interface or union that is of none of its types.
 */
function objectTypeOf(
  item: Readonly<Record<string, unknown>>,
  { type, info }: Place,
): GraphQLObjectType | undefined {
  const name = "members" in type ? item.__typename : type.name;
  const found = typeof name === "string" ? info.schema.getType(name) : undefined;
  return isObjectType(found) ? found : undefined;
}

function noType(type: QueriedType): ValueFault {
  const property = "members" in type ? type.discriminatorProperty : "id";
  return { path: [property], what: `names no type of ${type.name}` };
}

function checkOf(objectType: GraphQLObjectType, place: Place): ValueCheck {
  const { checks, info } = place;
  const { fieldNodes } = info;
  const ofNodes = checks.get(fieldNodes) ?? new Map<string, ValueCheck>();
  checks.set(fieldNodes, ofNodes);
  const check = ofNodes.get(objectType.name) ?? createObjectCheck(objectType, fieldNodes, place);
  ofNodes.set(objectType.name, check);
  return check;
}
