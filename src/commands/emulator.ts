import { startEmulator } from "../emulator/emulator.ts";
import {
  type Command,
  CommandFault,
  type CommandValues,
  optionalText,
  portOption,
  requiredText,
  stopSignal,
} from "./command.ts";
import { explainStartError } from "./run-until-stopped.ts";

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
    tls: { type: "boolean", summary: "serve HTTPS, with a certificate made at start" },
    "test-controls": { type: "boolean", summary: "add /_emulator: clock, faults, request log" },
  },
  run: async (values, io) => {
    const port = portOption(values, "port");
    const host = optionalText(values, "host");
    const dataDir = optionalText(values, "data-dir");
    const emulator = await startEmulator({
      ...(port === undefined ? {} : { port }),
      ...(host === undefined ? {} : { host }),
      ...(dataDir === undefined ? {} : { dataDir }),
      partitions: wholeNumber(values, "partitions"),
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
    await emulator.stop();
    return 0;
  },
};

function wholeNumber(values: CommandValues, option: string): number {
  const text = requiredText(values, option);
  if (!/^[1-9]\d{0,2}$/.test(text)) {
    throw new CommandFault(`--${option} takes a whole number from 1 to 999, not "${text}".`);
  }
  return Number(text);
}
