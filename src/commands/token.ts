import { type Command, CommandFault, portOption, requiredText } from "./command.ts";

export const tokenCommand: Command = {
  name: "token",
  summary: "print a bearer token of a sample caller, from a running `cosmos-gateway dev`",
  options: {
    as: { type: "string", value: "NAME", summary: "the caller, such as contoso-member" },
    port: { type: "string", value: "PORT", summary: "the gateway's port", default: "4000" },
  },
  run: async (values, io) => {
    const port = portOption(values, "port");
    const as = requiredText(values, "as");
    io.writeOut(`${await askDevelopmentIssuer(`http://127.0.0.1:${port}/dev-issuer/token`, as)}\n`);
    return 0;
  },
};

async function askDevelopmentIssuer(url: string, as: string): Promise<string> {
  let answer: unknown;
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ as }),
      signal: AbortSignal.timeout(10_000),
    });
    answer = await response.json();
  } catch (error) {
    throw new CommandFault(
      `No development issuer answers at ${url}. Start one with \`npm start\` or \`cosmos-gateway dev\`.`,
      { cause: error },
    );
  }
  const { bearerToken, errors } = answer as {
    readonly bearerToken?: string;
    readonly errors?: readonly { readonly message: string }[];
  };
  if (typeof bearerToken !== "string") {
    throw new CommandFault(
      errors?.[0]?.message ??
        `The server at ${url} is not \`cosmos-gateway dev\`. Give the port of that one with --port.`,
    );
  }
  return bearerToken;
}
