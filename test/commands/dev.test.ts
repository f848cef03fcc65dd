import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { ROOT } from "./run-command.ts";

let child: ChildProcess | undefined;
afterEach(() => child?.kill("SIGKILL"));

/** Starts the program as a person does, on free ports, and answers what it printed until it was up. */
async function startDev(
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly welcome: string; readonly origin: string; readonly log: () => string }> {
  const args = ["src/main.ts", "dev", "--port", "0", "--emulator-port", "0"];
  child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let log = "";
  child.stderr?.on("data", (chunk) => {
    log += chunk;
  });
  let welcome = "";
  for await (const chunk of child.stdout ?? []) {
    welcome += chunk;
    if (welcome.includes("Ctrl-C")) {
      break;
    }
  }
  const origin = /GraphQL\s+(\S+)\/graphql/.exec(welcome)?.[1] ?? "";
  return { welcome, origin, log: () => log };
}

/** Runs text in a shell in the project's folder, with this process's Node.js. */
async function paste(text: string): Promise<string> {
  const shell = spawn("bash", ["-c", text], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PATH: `${join(process.execPath, "..")}:${process.env.PATH}` },
  });
  let out = "";
  for await (const chunk of shell.stdout) {
    out += chunk;
  }
  return out;
}

test("what `dev` prints can be pasted as it is, and SIGTERM ends it with exit code 0", async () => {
  const { welcome } = await startDev();
  const requests = welcome
    .split(/^#.*$/m)
    .slice(1)
    .map((text) => text.split("\n\n")[0] ?? "");
  expect(requests).toHaveLength(4);
  const answers = [];
  for (const request of requests) {
    expect(request).toContain("curl");
    answers.push(JSON.parse(await paste(request)));
  }
  const [list, foreign, deleted, everyone] = answers;
  expect(list.data.orders.nodes).toHaveLength(3);
  expect(foreign.errors[0].extensions.code).toBe("FORBIDDEN");
  expect(deleted.data.deleteOrder).toBe("order-12");
  expect(everyone.data.carts.nodes).toHaveLength(1);

  const closed = once(child as ChildProcess, "close");
  child?.kill("SIGTERM");
  expect(await closed).toEqual([0, null]);
});

test("the development issuer gives no token to a page from elsewhere", async () => {
  const { origin } = await startDev();
  const { port } = new URL(origin);
  const { request } = await import("node:http");
  const ask = (headers: Record<string, string>) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const options = { method: "POST", port, path: "/dev-issuer/token", headers };
      const sent = request(options, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      });
      sent.on("error", reject).end('{"as":"contoso-member"}');
    });
  const json = { "content-type": "application/json" };
  expect(await ask(json)).toMatchObject({ status: 200 });
  // A form that any page can send without being asked for leave.
  expect((await ask({ "content-type": "text/plain" })).status).toBe(415);
  // A name that was rebound to this machine.
  const rebound = await ask({ ...json, host: `evil.example.com:${port}` });
  expect(rebound.text).not.toContain("bearerToken");
  expect(rebound.text).toContain("localhost");
});

test("no setting of the SDK makes it log a token or a key", async () => {
  const { welcome, log } = await startDev({
    AZURE_LOG_LEVEL: "verbose",
    AZURE_COSMOSDB_DIAGNOSTICS_LEVEL: "debug-unsafe",
  });
  const [, request = ""] = welcome.split(/^#.*$/m);
  const answer = JSON.parse(await paste(request.split("\n\n")[0] ?? ""));
  expect(answer.data.orders.nodes).toHaveLength(3);
  // The SDK does log, or this test would show nothing.
  expect(log()).toContain("azure:");
  // Compared to a truth value, so that a failure does not print the log.
  expect(/type(=|%3D)(resource|master)/i.test(log())).toBe(false);
});
