import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { print } from "graphql";
import { systemClock } from "../../src/clock.ts";
import { loadProject } from "../../src/commands/load-project.ts";
import {
  type DevelopmentGatewayOptions,
  startDevelopmentGateway,
} from "../../src/dev/development-gateway.ts";
import { SAMPLE_CALLERS } from "../../src/dev/sample-callers.ts";
import type { Observation } from "../../src/observability/observation.ts";
import { emulatorControls } from "../emulator-controls.ts";

const ROOT = resolve(import.meta.dirname, "../..");

export interface GatewaySetUp
  extends Pick<DevelopmentGatewayOptions, "clock" | "database" | "partitions" | "extend"> {
  /** Text of a model file in place of the sample's. */
  readonly model: string;
  /** Changes the text of the sample configuration. */
  readonly configure: (yaml: string) => string;
}

export interface GraphQLAnswer<Data> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Data | null | undefined;
  readonly errors: readonly GraphQLAnswerError[];
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface GraphQLAnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly [key: string]: unknown };
}

/** The whole gateway, as `cosmos-gateway dev` starts it, with the sample shop and test controls. */
export async function startGatewayUnderTest(setUp: Partial<GatewaySetUp> = {}) {
  const { configure = (yaml) => yaml, clock = systemClock, model } = setUp;
  const { database, partitions, extend } = setUp;
  const folder = mkdtempSync(join(tmpdir(), "gateway-under-test-"));
  const sample = readFileSync(join(ROOT, "gateway.yaml"), "utf8");
  if (model !== undefined) {
    writeFileSync(join(folder, "test.model.graphql"), model);
  }
  const yaml = sample.replace("./schema/", model === undefined ? `${ROOT}/schema/` : `${folder}/`);
  writeFileSync(join(folder, "gateway.yaml"), configure(yaml));

  const observations: Observation[] = [];
  const gateway = await startDevelopmentGateway({
    loadProject: (overrides) =>
      loadProject("gateway.yaml", { env: {}, workingFolder: folder }, overrides),
    clock,
    observe: (observation) => {
      observations.push(observation);
    },
    port: 0,
    emulatorPort: 0,
    testControls: true,
    ...(database === undefined ? {} : { database }),
    ...(partitions === undefined ? {} : { partitions }),
    ...(extend === undefined ? {} : { extend }),
  });
  const url = `${gateway.address}/graphql`;

  const post = async <Data>(
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<GraphQLAnswer<Data>> => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await response.text();
    const answer = text.startsWith("{") ? JSON.parse(text) : {};
    return {
      status: response.status,
      headers: response.headers,
      data: answer.data,
      errors: answer.errors ?? [],
      extensions: answer.extensions ?? {},
      text,
    };
  };

  const bearerTokenOf = (name: string) => {
    const claims = Object.hasOwn(SAMPLE_CALLERS, name) ? SAMPLE_CALLERS[name] : undefined;
    return gateway.issuer.issue({ sub: name, ...claims });
  };

  return {
    ...emulatorControls(gateway.emulator.endpoint),
    address: gateway.address,
    url,
    emulator: gateway.emulator,
    issuer: gateway.issuer,
    observations,
    post,
    bearerTokenOf,
    /** Runs operations as a sample caller, or as one with claims of the test's own. */
    as: async (caller: string | (Readonly<Record<string, unknown>> & { readonly sub: string })) => {
      const bearerToken =
        typeof caller === "string"
          ? await bearerTokenOf(caller)
          : await gateway.issuer.issue(caller);
      const headers = { authorization: `Bearer ${bearerToken}` };
      return {
        bearerToken,
        run: <Data, Variables>(
          document: TypedDocumentNode<Data, Variables>,
          variables: Variables,
        ): Promise<GraphQLAnswer<Data>> => post({ query: print(document), variables }, headers),
        post: <Data = Record<string, unknown>>(query: string, variables = {}) =>
          post<Data>({ query, variables }, headers),
      };
    },
    stop: async () => {
      await gateway.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

export type GatewayUnderTest = Awaited<ReturnType<typeof startGatewayUnderTest>>;

/** The codes of an answer's errors, in order. */
export function errorCodes({ errors }: { readonly errors: readonly GraphQLAnswerError[] }) {
  return errors.map(({ extensions }) => extensions.code);
}
