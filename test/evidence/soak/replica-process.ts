import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createApp } from "../../../src/app.ts";
import { loadProject } from "../../../src/commands/load-project.ts";
import { createLogger, createLogObserver } from "../../../src/observability/log.ts";
import { createLogOutput } from "../../../src/observability/log-output.ts";
import { answerParent } from "./answer-parent.ts";

/** One replica of the gateway: its log goes to standard output, as that of `serve` does. */
const [folder = ".", aheadText = "0"] = process.argv.slice(2);

let aheadMs = Number(aheadText);
const observe = createLogObserver(createLogger(createLogOutput(process.stdout).write));
const { config, model, readSecretsAgain } = loadProject(
  "gateway.yaml",
  { env: {}, workingFolder: folder },
  { auth: { issuers: [JSON.parse(readFileSync(join(folder, "issuer.json"), "utf8"))] } },
);
const app = await createApp({
  config,
  model,
  clock: { nowMs: () => Date.now() + aheadMs },
  observe,
  readSecretsAgain,
});
process.once("SIGTERM", () => {
  app.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
process.on("unhandledRejection", (error) =>
  observe({ kind: "unhandled-rejection", requestId: undefined, error }),
);
const address = await app.start();

answerParent({
  url: () => `${address}/graphql`,
  clock: (value) => {
    aheadMs = Number(value);
  },
  readSecretsAgain: () => app.readSecretsAgain(),
});
