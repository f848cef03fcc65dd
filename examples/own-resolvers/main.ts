/**
 * The gateway with own resolvers, started from a program of one's own.
 *
 *     node examples/own-resolvers/dist/main.js [CONFIGURATION]     by default gateway.yaml
 */
import { startGateway } from "cosmos-graphql-gateway";
import ownResolvers from "./own-resolvers.js";

const gateway = await startGateway({
  config: process.argv[2] ?? "gateway.yaml",
  env: process.env,
  extend: ownResolvers,
});

for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, () => void gateway.stop());
}
