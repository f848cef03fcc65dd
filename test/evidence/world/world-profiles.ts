import { stringify } from "yaml";
import type { Permission, Profile } from "../../model/terms.ts";

/** Tenants that `auditor` is written for: a permission's partition key may be plain text. */
export const AUDITED_TENANTS = ["contoso", "fabrikam"] as const;

/** The one category that a clerk sees. */
export const CLERK_CATEGORY = "desks";

const allOf = (container: string, ...partitionKey: readonly string[]): Permission => ({
  container,
  ...(partitionKey.length === 0 ? {} : { partitionKey }),
  mode: "All",
});
const readOf = (container: string, ...partitionKey: readonly string[]): Permission => ({
  ...allOf(container, ...partitionKey),
  mode: "Read",
});

/** Access profiles; the first that fits a caller decides. */
export const PROFILES: readonly Profile[] = [
  {
    name: "manager",
    when: { roles: "manager" },
    cosmosUser: "manager:{tid}:{sub}",
    permissions: [
      allOf("orders", "{tid}"),
      allOf("customers", "{tid}"),
      // All users of the tenant: the outer level of a hierarchical partition key
      allOf("documents", "{tid}"),
      allOf("carts", "{sub}"),
      { container: "settings", item: "tenant-{tid}", mode: "All" },
      readOf("products"),
    ],
  },
  {
    name: "member",
    when: { roles: "member" },
    cosmosUser: "member:{tid}:{sub}",
    permissions: [
      readOf("orders", "{tid}"),
      readOf("customers", "{tid}"),
      allOf("documents", "{tid}", "{sub}"),
      allOf("carts", "{sub}"),
      { container: "settings", item: "tenant-{tid}", mode: "Read" },
      { container: "settings", item: "user-{sub}", mode: "All" },
      readOf("products"),
    ],
  },
  {
    name: "auditor",
    when: { roles: "auditor" },
    cosmosUser: "auditor:{sub}",
    permissions: [
      ...AUDITED_TENANTS.flatMap((tenant) => [
        readOf("orders", tenant),
        readOf("customers", tenant),
      ]),
      readOf("products"),
    ],
  },
  {
    name: "clerk",
    when: { roles: "clerk" },
    // Two clerks of a tenant may see the same, and are two users.
    cosmosUser: "clerk:{tid}:{sub}",
    permissions: [
      { container: "settings", item: "tenant-{tid}", mode: "Read" },
      readOf("products", CLERK_CATEGORY),
    ],
  },
  {
    name: "operator",
    when: { roles: "operator" },
    cosmosUser: "operator:{sub}",
    permissions: [readOf("orders"), allOf("products")],
  },
  {
    name: "anonymous",
    when: "anonymous",
    cosmosUser: "anonymous:all",
    permissions: [readOf("products")],
  },
];

/** What of a configuration is not the world's own. Left out: the gateway's defaults. */
export interface ConfigValues {
  readonly endpoint: string;
  readonly keys: readonly string[];
  /** Absent where the issuer is handed over in code, as the development issuer is. */
  readonly issuer?: {
    readonly issuer: string;
    readonly audience: string;
    readonly jwksFile: string;
    readonly algorithms: readonly string[];
  };
  /** A glob of model files. */
  readonly schema: string;
  readonly cursorSecret?: string;
  readonly tokens?: Readonly<Record<string, unknown>>;
  readonly limits?: Readonly<Record<string, unknown>>;
}

/** `gateway.yaml` of a world. */
export function writeConfigYaml(database: string, values: ConfigValues): string {
  const { endpoint, keys, issuer, schema, cursorSecret, tokens = {}, limits = {} } = values;
  return stringify({
    server: { host: "127.0.0.1", port: 0, ...(cursorSecret === undefined ? {} : { cursorSecret }) },
    cosmos: { endpoint, keys, database },
    schema,
    auth: { issuers: issuer === undefined ? [] : [issuer], anonymous: true },
    profiles: PROFILES,
    tokens: { issue: true, ...tokens },
    limits,
    api: { generic: true },
  });
}
