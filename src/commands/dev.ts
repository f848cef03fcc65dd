import { systemClock } from "../clock.ts";
import { startDevelopmentGateway } from "../dev/development-gateway.ts";
import { SAMPLE_CALLERS } from "../dev/sample-callers.ts";
import { createLogger, createLogObserver } from "../observability/log.ts";
import { type Command, optionalText, portOption, requiredText } from "./command.ts";
import { EXTEND_OPTION, loadExtension } from "./load-extension.ts";
import { CONFIG_OPTION, loadProject } from "./load-project.ts";
import { explainStartError, runUntilStopped } from "./run-until-stopped.ts";

export const devCommand: Command = {
  name: "dev",
  summary: "the gateway with the embedded emulator, sample data and a development issuer",
  options: {
    config: CONFIG_OPTION,
    port: { type: "string", value: "PORT", summary: "the gateway's port (default: server.port)" },
    "emulator-port": {
      type: "string",
      value: "PORT",
      summary: "the emulator's port",
      default: "8081",
    },
    "data-dir": { type: "string", value: "FOLDER", summary: "keep the data there across restarts" },
    extend: EXTEND_OPTION,
  },
  run: async (values, io) => {
    const configFile = requiredText(values, "config");
    const port = portOption(values, "port");
    const emulatorPort = portOption(values, "emulator-port");
    const dataDir = optionalText(values, "data-dir");
    const extend = await loadExtension(values, io);
    const observe = createLogObserver(createLogger(io.writeError));
    // The same signal says that a terminal was closed, which is its meaning here.
    const onReloadSignal = io.hasTerminal ? () => {} : io.onReloadSignal;
    return runUntilStopped(
      { ...io, onReloadSignal },
      {
        observe,
        start: async () => {
          const gateway = await startDevelopmentGateway({
            loadProject: (overrides) => loadProject(configFile, io, overrides),
            clock: systemClock,
            observe,
            ...(port === undefined ? {} : { port }),
            ...(emulatorPort === undefined ? {} : { emulatorPort }),
            ...(dataDir === undefined ? {} : { dataDir }),
            ...(extend === undefined ? {} : { extend }),
          }).catch((error: unknown) => {
            throw explainStartError(error, "--port or --emulator-port");
          });
          io.writeOut(welcome(io.commandLine, gateway.address, gateway.emulator.endpoint));
          return gateway;
        },
      },
    );
  },
};

function welcome(commandLine: string, address: string, emulatorEndpoint: string): string {
  const { port } = new URL(address);
  const origin = `http://localhost:${port}`;
  const portOption = port === "4000" ? "" : ` --port ${port}`;
  const request = (caller: string, query: string) =>
    [
      `curl -s ${origin}/graphql -H 'content-type: application/json' \\`,
      `  -H "authorization: Bearer $(${commandLine} token --as ${caller}${portOption})" \\`,
      `  -d '${JSON.stringify({ query })}'`,
    ].join("\n");
  return `
GraphQL    ${origin}/graphql
Emulator   ${emulatorEndpoint}
Callers    ${Object.keys(SAMPLE_CALLERS).join(", ")}

Paste into another terminal, in this folder:

# A member of contoso lists the orders of contoso.
${request("contoso-member", "{ orders(first: 3) { nodes { id tenantId status total } } }")}

# The same member asks for an order of fabrikam: FORBIDDEN.
${request("contoso-member", '{ order(id: "order-1", tenantId: "fabrikam") { total } }')}

# A manager deletes an order of contoso.
${request("contoso-manager", 'mutation { deleteOrder(id: "order-12") }')}

# Everyone signed in reads the catalogue, and their own cart.
${request("fabrikam-member", "{ products(first: 3) { nodes { name price } } carts { nodes { lines { sku quantity } } } }")}

Ctrl-C stops it.
`;
}
