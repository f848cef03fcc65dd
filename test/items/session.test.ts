import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSession, openSession } from "../../src/items/session.ts";
import { anyCharacter } from "../any-character.ts";

/** The header that a session gives that went on from another one. */
function goOn(header: string | undefined, container: string, ...tokens: readonly string[]) {
  const session = openSession(header);
  for (const token of tokens) {
    session?.advance(container, token);
  }
  return session?.toHeader();
}

describe("a session", () => {
  test("that has seen nothing sends nothing and has no header", () => {
    for (const session of [createSession(), openSession(undefined), openSession("")]) {
      expect(session?.toHeader()).toBeUndefined();
      expect(session?.tokenOf("orders")).toBeUndefined();
    }
  });

  test("keeps containers and ranges apart", () => {
    const session = createSession();
    session.advance("orders", "0:-1#12");
    session.advance("carts", "0:-1#3");
    session.advance("orders", "1:-1#7");
    expect(session.tokenOf("orders")).toBe("0:-1#12,1:-1#7");
    expect(session.tokenOf("carts")).toBe("0:-1#3");
    expect(session.tokenOf("products")).toBeUndefined();
    expect(session.toHeader()).toBe("orders=0:-1#12,carts=0:-1#3,orders=1:-1#7");
  });

  test("never goes back", () => {
    expect(goOn("orders=0:-1#9", "orders", "0:-1#12", "0:-1#11")).toBe("orders=0:-1#12");
    expect(goOn("orders=0:-1#12", "orders", "0:-1#9")).toBe("orders=0:-1#12");
    expect(goOn("orders=0:-1#9", "orders", "0:-1#10")).toBe("orders=0:-1#10");
  });

  test.each([
    ["0:1#9#1=5#2=6", "0:1#8#1=7#2=4", "0:1#9#1=7#2=6"],
    ["0:2#9#1=5", "0:1#10#1=7#2=4", "0:2#10#1=7"],
    ["0:1#10#1=7#2=4", "0:2#9#3=5", "0:2#10#3=5"],
    ["0:9", "0:12", "0:12"],
    ["0:-1#9", "0:12", "0:-1#12"],
  ])("of %s and %s is %s, in either order", (left, right, merged) => {
    expect(goOn(`orders=${left}`, "orders", right)).toBe(`orders=${merged}`);
    expect(goOn(`orders=${right}`, "orders", left)).toBe(`orders=${merged}`);
  });

  test("goes on from its own header, whatever its containers are called", () => {
    const token = fc
      .tuple(fc.nat(99), fc.nat(9), fc.nat(), fc.array(fc.nat(999), { maxLength: 2 }))
      .map(([range, version, lsn, regions]) =>
        [`${range}:${version}#${lsn}`, ...regions.map((each, id) => `${id}=${each}`)].join("#"),
      );
    const name = fc.string({ minLength: 1, maxLength: 20, unit: anyCharacter });
    fc.assert(
      fc.property(fc.array(fc.tuple(name, token), { maxLength: 8 }), (seen) => {
        const session = createSession();
        for (const [container, each] of seen) {
          session.advance(container, each);
        }
        const next = openSession(session.toHeader());
        expect(next?.toHeader()).toBe(session.toHeader());
        for (const [container] of seen) {
          expect(next?.tokenOf(container)).toBe(session.tokenOf(container));
        }
      }),
    );
  });

  test("takes several headers, as Node.js joins them, for one list", () => {
    expect(openSession("orders=0:-1#1, carts=0:-1#2,  orders=0:-1#3")?.toHeader()).toBe(
      "carts=0:-1#2,orders=0:-1#3",
    );
  });

  test.each([
    "0:-1#12",
    "orders",
    "orders=",
    "=0:-1#12",
    "orders=0",
    "orders=0:",
    "orders=0:x",
    "orders=0:-1#",
    "orders=0:-1#-5",
    "orders=0:-1#1#",
    "orders=0:-1#1#2",
    "orders=0:-1#1e3",
    "orders=0:-1#1 1",
    "orders=0:-1#1;carts=0:-1#1",
    "orders=0:-1#1\r\nx-evil: 1",
    "orders=0:-1#9999999999999999",
    "orders=9999999999:-1#1",
    "orders=0:-1#1,",
    ",",
    "or ders=0:-1#1",
    "or/ders=0:-1#1",
    "%=0:-1#1",
    "%ff=0:-1#1",
    "é=0:-1#1",
  ])("does not go on from %j", (header) => {
    expect(openSession(header)).toBeUndefined();
  });

  test("does not go on from a header that is longer than it ever gives", () => {
    const header = Array.from({ length: 400 }, (_, range) => `orders=${range}:-1#1`).join(",");
    expect(openSession(header)).toBeUndefined();
    expect(openSession(header.slice(0, header.lastIndexOf(",", 4_096)))).toBeDefined();
  });

  test("never puts anything into a header that is not of its form", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: anyCharacter }),
        fc.string({ unit: anyCharacter }),
        (name, token) => {
          const session = createSession();
          session.advance(name, token);
          session.advance(name, `0:-1#${token}`);
          session.advance(name, `0:-1#1${token}`);
          expect(session.toHeader() ?? "").toMatch(/^[\w.!~*'()%=:#,-]*$/);
          expect(openSession(token)?.tokenOf(name) ?? "").toMatch(/^[\d:#=,-]*$/);
        },
      ),
    );
  });

  test("leaves out of a header that grows too long what was touched longest ago", () => {
    const session = createSession();
    session.advance("first", "0:-1#1");
    session.advance("again", "0:-1#1");
    for (let range = 0; range < 1_000; range += 1) {
      session.advance("orders", `${range}:-1#123456789`);
    }
    session.advance("again", "0:-1#1");
    const header = session.toHeader() ?? "";
    expect(header.length).toBeLessThanOrEqual(4_096);
    expect(header.length).toBeGreaterThan(4_000);
    expect(header).toMatch(/,orders=999:-1#123456789,again=0:-1#1$/);
    expect(header).not.toContain("first");
    expect(openSession(header)?.toHeader()).toBe(header);
  });
});
