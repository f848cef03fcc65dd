import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";
import { type GraphQLResponseError, OperationError } from "./operation-error.ts";

export interface GatewayClientOptions {
  /** Such as `https://api.contoso.com/graphql`. */
  readonly url: string;
  /** Asked before every operation, so that it can renew a token that is about to expire. */
  readonly bearerToken: () => Promise<string>;
}

/**
 * Runs an operation. Answers its data, typed by the document, or throws an `OperationError`. Inside a
 * list or another item, an item that does not fit the model is null, and all else is good.
 */
export type RunOperation = <Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
) => Promise<Data>;

export function createGatewayClient({ url, bearerToken }: GatewayClientOptions): RunOperation {
  return async function run<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Data> {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        authorization: `Bearer ${await bearerToken()}`,
        "content-type": "application/json",
        accept: "application/graphql-response+json, application/json",
      },
      body: JSON.stringify({ query: print(document), variables }),
    });
    // What stands between here and the gateway may answer too, and not in JSON.
    if (!response.headers.get("content-type")?.includes("json")) {
      throw new Error(`${url} answered with HTTP ${response.status}, but not to GraphQL.`);
    }
    const { data, errors } = (await response.json()) as GraphQLResponse<Data>;
    const failures = errors?.filter((error) => !isInnerMisfit(error)) ?? [];
    if (failures.length > 0 || data === undefined || data === null) {
      throw new OperationError(failures);
    }
    return data;
  };
}

/** What a field gave that is null only beside an error, which `run` has thrown already. */
export function answered<Value>(value: Value | null): Value {
  if (value === null) {
    throw new Error("The gateway gave neither a value nor an error.");
  }
  return value;
}

/** With `written`, repeating the operation would do it twice: that is to be known. */
function isInnerMisfit({ path = [], extensions }: GraphQLResponseError): boolean {
  return extensions?.code === "ITEM_MISFIT" && extensions.written !== true && path.length > 1;
}

interface GraphQLResponse<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly GraphQLResponseError[];
}
