/**
 * The package as a library: what a team needs that writes own resolvers, or that starts the gateway
 * from a program of its own. Everything else in the package may change with any release.
 */
import { CommandFault } from "./commands/command.ts";
import { loadProject } from "./commands/load-project.ts";
import { createProjectGateway } from "./commands/project-gateway.ts";
import type { ApiExtension } from "./graphql/api-extension.ts";
import { createLogOutput, type LogOutput } from "./observability/log-output.ts";

export type { Access, WantedPermission } from "./access/access.ts";
export type { AnonymousCaller, AuthenticatedCaller, Caller } from "./auth/caller.ts";
export type { PartitionKey } from "./cosmos/partition-key.ts";
export type { ResourceScope } from "./cosmos/resource-scope.ts";
export { type ErrorCode, GatewayError, type GatewayErrorOptions } from "./gateway-error.ts";
export type { ApiExtension, GeneratedApi } from "./graphql/api-extension.ts";
export type { ApiClass } from "./graphql/classes/api-class.ts";
export type { RequestContext } from "./graphql/request-context.ts";
export type {
  BatchOperation,
  Item,
  ItemBody,
  ItemOperations,
  PatchCondition,
  PatchOperation,
  RowPage,
  WriteCondition,
} from "./items/item-operations.ts";
export type { SqlQuery } from "./items/sql/sql-query.ts";
export type { GrantScope } from "./tokens/grant-scope.ts";

export interface GatewayOptions {
  /** The configuration. Default `gateway.yaml`. */
  readonly config?: string;
  /** What `${NAME}` in the configuration stands for: `process.env`, as a rule. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where `config`, and the files that it names, are looked for. Default: the process's. */
  readonly workingFolder?: string;
  /** Own resolvers beside the generated ones. Default: none. */
  readonly extend?: ApiExtension;
  /** Takes the log, a JSON line at a time. Default: standard output. */
  readonly log?: (line: string) => void;
}

export interface Gateway {
  /** Where it listens, such as `http://127.0.0.1:4000`. GraphQL is at `/graphql`. */
  readonly address: string;
  /**
   * Takes the keys and secrets that stand in the configuration's files now, as `serve` does on
   * SIGHUP. What can't be read stays as it is, and is logged.
   */
  readSecretsAgain(): void;
  /** Takes no more requests, finishes those under way, and closes every connection. */
  stop(): Promise<void>;
}

/** One for all gateways of the process. */
let standardOutput: LogOutput | undefined;

/**
 * Starts the gateway of a configuration, as `cosmos-gateway serve` does, in this process. Signals
 * to the process stay the caller's to handle.
 *
 * @throws Error whose message lists every fault of the configuration or of the models, or says why
 * the gateway can't start.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config: file = "gateway.yaml", env, workingFolder = process.cwd(), extend } = options;
  refuseUnsafeDiagnostics(env);
  // biome-ignore lint/style/noProcessEnv: the SDK reads this one, whatever `env` is
  refuseUnsafeDiagnostics(process.env);
  const project = loadProject(file, { env, workingFolder });
  standardOutput ??= createLogOutput(process.stdout);
  const { log = standardOutput.write } = options;
  const { start } = await createProjectGateway(project, log, extend);
  return start();
}

/**
 * The program `cosmos-gateway` deletes this variable before it loads the SDK, which reads it by
 * itself and would print resource tokens. Here the SDK is loaded already.
 */
function refuseUnsafeDiagnostics(env: GatewayOptions["env"]): void {
  if (env.AZURE_COSMOSDB_DIAGNOSTICS_LEVEL === "debug-unsafe") {
    throw new CommandFault(
      "AZURE_COSMOSDB_DIAGNOSTICS_LEVEL is debug-unsafe: the SDK would print resource tokens. Unset it.",
    );
  }
}
