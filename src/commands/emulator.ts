import { startEmulator } from "../emulator/start-emulator.ts";
import {
  type Command,
  type CommandValues,
  MisuseFault,
  optionalText,
  portOption,
  requiredText,
  stopSignal,
} from "./command.ts";
import { DRAIN_TIMEOUT_MS, explainStartError } from "./run-until-stopped.ts";

export const emulatorCommand: Command = {
  name: "emulator",
  summary: "the embedded Cosmos DB alone, for other tools",
  options: {
    host: {
      type: "string",
      value: "ADDRESS",
      summary: "address to listen on",
      default: "127.0.0.1",
    },
    port: { type: "string", value: "PORT", summary: "port to listen on", default: "8081" },
    "data-dir": { type: "string", value: "FOLDER", summary: "keep the data there across restarts" },
    partitions: {
      type: "string",
      value: "N",
      summary: "physical partitions a container",
      default: "1",
    },
    throughput: {
      type: "string",
      value: "N",
      summary: "request units a second for the items of each container, 0 for no limit",
      default: "0",
    },
    "metadata-throughput": {
      type: "string",
      value: "N",
      summary: "request units a second for everything else, 0 for no limit; the service has 240",
      default: "0",
    },
    tls: { type: "boolean", summary: "serve HTTPS, with a certificate made at start" },
    "test-controls": {
      type: "boolean",
      summary: "add /_emulator: clock, faults, throughput, keys, request log",
    },
  },
  run: async (values, io) => {
    const port = portOption(values, "port");
    const host = optionalText(values, "host");
    const dataDir = optionalText(values, "data-dir");
    const emulator = await startEmulator({
      ...(port === undefined ? {} : { port }),
      ...(host === undefined ? {} : { host }),
      ...(dataDir === undefined ? {} : { dataDir }),
      partitions: wholeNumber(values, "partitions", 1, 999),
      itemRequestUnitsPerSecond: wholeNumber(values, "throughput", 0, 9_999_999),
      metadataRequestUnitsPerSecond: wholeNumber(values, "metadata-throughput", 0, 9_999_999),
      tls: values.tls === true,
      testControls: values["test-controls"] === true,
    }).catch((error: unknown) => {
      throw explainStartError(error, "--port");
    });
    io.writeOut(`Cosmos DB emulator at ${emulator.endpoint}\nAccount key: ${emulator.keys[0]}\n`);
    if (emulator.certificate !== undefined) {
      io.writeOut(`Certificate that clients must trust:\n${emulator.certificate}`);
    }
    await stopSignal(io);
    await emulator.stop(DRAIN_TIMEOUT_MS);
    return 0;
  },
};

function wholeNumber(values: CommandValues, option: string, least: number, most: number): number {
  const text = requiredText(values, option);
  const number = Number(text);
  if (!/^\d{1,9}$/.test(text) || number < least || number > most) {
    throw new MisuseFault(
      `--${option} takes a whole number from ${least} to ${most}, not "${text}".`,
    );
  }
  return number;
}
