import type { SeedDatabase } from "../../../src/emulator/start-emulator.ts";
import {
  type ModelType,
  type Profile,
  placeOf,
  type Store,
  type StoredItem,
} from "../../model/terms.ts";
import type { Random } from "../random.ts";
import {
  type Caller,
  cartOwner,
  createCallers,
  documentOwner,
  type MarkOwner,
  type Person,
  personsOf,
  SHARED,
  settingOwner,
  tenantOwner,
  tenantSettingId,
  userSettingId,
} from "./callers.ts";
import { seedItems } from "./seed-items.ts";
import { createMark, createTenants, type Tenant } from "./tenants.ts";
import { modelTypes, TYPE_PLANS } from "./type-plans.ts";
import { AUDITED_TENANTS, type ConfigValues, PROFILES, writeConfigYaml } from "./world-profiles.ts";
import { writeModelSdl } from "./write-model-sdl.ts";

export interface WorldSize {
  /** At least two: `contoso` and `fabrikam`. */
  readonly tenants: number;
  /** Items of each type in each partition, about. */
  readonly itemsPerPartition: number;
}

/** Tenants, callers, items, and the configuration and model of a gateway in front of them. */
export interface World {
  readonly size: WorldSize;
  /** What `startEmulator` takes as a seed. */
  readonly database: SeedDatabase;
  readonly modelSdl: string;
  /** The text of `gateway.yaml`. */
  readonly configYaml: (values: ConfigValues) => string;
  readonly types: readonly ModelType[];
  readonly profiles: readonly Profile[];
  readonly tenants: readonly Tenant[];
  readonly persons: readonly Person[];
  readonly callers: readonly Caller[];
  /** Each mark and whose it is; `Caller.mayCarry` says whose marks a caller may see. */
  readonly marks: ReadonlyMap<string, MarkOwner>;
  /** @throws Error for an owner that the world doesn't have. */
  readonly markOf: (owner: MarkOwner) => string;
  /** Everything in the database, in the words of the reference model. */
  readonly store: Store;
}

const PARTITION_KEY_PATHS: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  TYPE_PLANS.map(({ container, partitionKeyFields }) => [
    container,
    partitionKeyFields.map((field) => `/${field}`),
  ]),
);

export const DATABASE_ID = "evidence";

/** The same stream and size give the same world. */
export function createWorld(random: Random, size: WorldSize): World {
  const tenants = createTenants(random.fork("tenants"), size.tenants);
  const persons = personsOf(tenants);
  const marks = createMarks(tenants, persons, random.fork("marks"));
  const ownerMarks = new Map([...marks].map(([mark, owner]) => [owner, mark]));
  const markOf = (owner: MarkOwner): string => {
    const mark = ownerMarks.get(owner);
    if (mark === undefined) {
      throw new Error(`The world has no owner "${owner}".`);
    }
    return mark;
  };
  const { itemsPerPartition } = size;
  const items = seedItems({ tenants, persons, itemsPerPartition, markOf }, random.fork("items"));
  return {
    size,
    database: databaseOf(items),
    modelSdl: writeModelSdl(),
    configYaml: (values) => writeConfigYaml(DATABASE_ID, values),
    types: modelTypes(),
    profiles: PROFILES,
    tenants,
    persons,
    callers: createCallers(tenants, persons, AUDITED_TENANTS),
    marks,
    markOf,
    store: new Map(
      items.map((item) => [placeOf(item.container, item.partitionKey, item.content.id), item]),
    ),
  };
}

function createMarks(tenants: readonly Tenant[], persons: readonly Person[], random: Random) {
  const own = [
    SHARED,
    ...tenants.map(({ id }) => settingOwner(tenantSettingId(id))),
    ...persons.flatMap(({ tid, sub }) => [
      cartOwner(sub),
      documentOwner(tid, sub),
      settingOwner(userSettingId(sub)),
    ]),
  ];
  return new Map([
    ...tenants.map(({ id, mark }) => [mark, tenantOwner(id)] as const),
    ...own.map((owner) => [createMark(random), owner] as const),
  ]);
}

function databaseOf(items: readonly StoredItem[]): SeedDatabase {
  return {
    id: DATABASE_ID,
    containers: Object.entries(PARTITION_KEY_PATHS).map(([id, paths]) => ({
      id,
      partitionKey: { paths },
      items: items.filter(({ container }) => container === id).map(({ content }) => content),
    })),
  };
}
