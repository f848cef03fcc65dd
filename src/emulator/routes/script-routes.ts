import { CosmosError } from "../cosmos-error.ts";
import type { CosmosResponse } from "../http/cosmos-request.ts";
import { notImplemented } from "../http/refuse-unsupported.ts";
import { readJsonObject } from "../http/request-body.ts";
import { emptyResponse, jsonResponse } from "../http/response.ts";
import type { Json, JsonObject } from "../json.ts";
import { METADATA_READ_CHARGE, METADATA_WRITE_CHARGE } from "../request-charge.ts";
import { createEtag } from "../resources/etag.ts";
import { itemResourceId } from "../resources/resource-id.ts";
import { requireResourceName } from "../resources/resource-identifier.ts";
import type { ContainerStore } from "../store/container-store.ts";
import type { ScriptRecord, ScriptType } from "../store/store-change.ts";
import { notFound, requireContainer } from "./request-target.ts";
import { listResources, queryResources, type ResourceFeed } from "./resource-feed.ts";
import type { RouteContext } from "./route-context.ts";

const LIST_NAMES: Readonly<Record<ScriptType, string>> = {
  sprocs: "StoredProcedures",
  triggers: "Triggers",
  udfs: "UserDefinedFunctions",
};

export function createScript(context: RouteContext): CosmosResponse {
  return writeNewScript(context, false);
}

export function upsertScript(context: RouteContext): CosmosResponse {
  return writeNewScript(context, true);
}

function writeNewScript(context: RouteContext, isUpsert: boolean): CosmosResponse {
  const container = requireContainer(context);
  const type = scriptTypeOf(context);
  const given = readJsonObject(context.request);
  const existing = container.scripts.get(type)?.get(requireResourceName(given.id));
  if (existing !== undefined && !isUpsert) {
    throw new CosmosError(
      409,
      "Conflict",
      "Resource with specified id, name, or unique index already exists.",
    );
  }
  return writeScript(context, container, given, existing, existing === undefined ? 201 : 200);
}

export function readScript(context: RouteContext): CosmosResponse {
  const { body } = requireScript(context, requireContainer(context));
  return jsonResponse(200, METADATA_READ_CHARGE, body, { etag: String(body._etag) });
}

export function replaceScript(context: RouteContext): CosmosResponse {
  const container = requireContainer(context);
  const existing = requireScript(context, container);
  const given = readJsonObject(context.request);
  if (given.id !== existing.body.id) {
    throw new CosmosError(400, "BadRequest", "Replacing a script can't change its id.");
  }
  return writeScript(context, container, given, existing, 200);
}

export function deleteScript(context: RouteContext): CosmosResponse {
  const container = requireContainer(context);
  const { type, body } = requireScript(context, container);
  context.store.commit({
    kind: "scriptDeleted",
    containerRid: container.rid,
    type,
    id: String(body.id),
  });
  return emptyResponse(204, METADATA_WRITE_CHARGE);
}

export function listScripts(context: RouteContext): CosmosResponse {
  return listResources(context, scriptFeed(context));
}

export function queryScripts(context: RouteContext): CosmosResponse {
  return queryResources(context, scriptFeed(context));
}

/**
 * Refuses: this emulator keeps definitions and runs none. The procedure must be there, as for the
 * service.
 */
export function executeScript(context: RouteContext): never {
  const { body } = requireScript(context, requireContainer(context));
  throw notImplemented(`Execution of the stored procedure '${String(body.id)}'`);
}

function scriptTypeOf({ segments }: RouteContext): ScriptType {
  const type = segments[4];
  // `requestKind` lets no other feed through
  return type === "sprocs" || type === "triggers" ? type : "udfs";
}

function requireScript(context: RouteContext, container: ContainerStore): ScriptRecord {
  const script = container.scripts.get(scriptTypeOf(context))?.get(context.segments[5] ?? "");
  if (script === undefined) {
    throw notFound();
  }
  return script;
}

function scriptFeed(context: RouteContext): ResourceFeed {
  const container = requireContainer(context);
  const type = scriptTypeOf(context);
  return {
    ownerRid: container.rid,
    listName: LIST_NAMES[type],
    resources: [...(container.scripts.get(type)?.values() ?? [])].map(({ body }) => body),
  };
}

function writeScript(
  context: RouteContext,
  container: ContainerStore,
  given: JsonObject,
  existing: ScriptRecord | undefined,
  status: number,
): CosmosResponse {
  const { store } = context;
  const type = scriptTypeOf(context);
  const content = readDefinition(type, given);
  const number = existing?.number ?? container.lastNumber + 1;
  const rid = scriptResourceId(container, type, number);
  const timestampSeconds = store.clock.nowSeconds();
  const etag = createEtag(timestampSeconds);
  const body = {
    ...content,
    _rid: rid,
    _self: `dbs/${container.databaseRid}/colls/${container.rid}/${type}/${rid}/`,
    _etag: etag,
    _ts: timestampSeconds,
  };
  store.commit({
    kind: "scriptWritten",
    containerRid: container.rid,
    script: { type, number, body },
  });
  return jsonResponse(status, METADATA_WRITE_CHARGE, body, { etag });
}

/**
 * Numbers are shared with items; the highest half byte tells the types apart, as in the service's
 * ids.
 */
function scriptResourceId(container: ContainerStore, type: ScriptType, number: number): string {
  const typeBits = { sprocs: 0x80, triggers: 0x70, udfs: 0x60 }[type];
  return itemResourceId(container.ridBytes, number + typeBits * 2 ** 44);
}

const TRIGGER_TYPES: ReadonlySet<string> = new Set(["pre", "post"]);

const TRIGGER_OPERATIONS: ReadonlySet<string> = new Set([
  "all",
  "create",
  "replace",
  "delete",
  "update",
]);

/** Compared without case and kept as written: the JavaScript SDK's enums are in lower case. */
function isOneOf(value: Json | undefined, known: ReadonlySet<string>): value is string {
  return typeof value === "string" && known.has(value.toLowerCase());
}

function readDefinition(type: ScriptType, given: JsonObject): JsonObject {
  const id = requireResourceName(given.id);
  const { body } = given;
  if (typeof body !== "string" || body === "") {
    throw new CosmosError(400, "BadRequest", "The property body must hold the script's text.");
  }
  if (type !== "triggers") {
    return { id, body };
  }
  const { triggerType, triggerOperation } = given;
  if (!isOneOf(triggerType, TRIGGER_TYPES)) {
    throw new CosmosError(400, "BadRequest", "The triggerType must be 'Pre' or 'Post'.");
  }
  if (!isOneOf(triggerOperation, TRIGGER_OPERATIONS)) {
    throw new CosmosError(
      400,
      "BadRequest",
      "The triggerOperation must be 'All', 'Create', 'Replace', 'Delete' or 'Update'.",
    );
  }
  return { id, body, triggerOperation, triggerType };
}
