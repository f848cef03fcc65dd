import fc from "fast-check";
import { expect, test } from "vitest";
import { createAccountPace } from "../../src/tokens/account-pace.ts";

/** An account with a budget, asked as fast as the pace allows, in steps of a millisecond. */
function simulate(budgetPerSecond: number, charge: number, seconds: number) {
  const pace = createAccountPace();
  let units = budgetPerSecond;
  const underWay: { readonly sentAtMs: number; readonly isRefused: boolean }[] = [];
  let answered = 0;
  let refused = 0;
  for (let nowMs = 0; nowMs < seconds * 1_000; nowMs += 1) {
    units = Math.min(budgetPerSecond, units + budgetPerSecond / 1_000);
    while (underWay[0] !== undefined && underWay[0].sentAtMs <= nowMs - 5) {
      const { sentAtMs, isRefused } = underWay.shift() ?? { sentAtMs: 0, isRefused: false };
      if (isRefused) {
        refused += 1;
        pace.onThrottled(
          nowMs,
          sentAtMs,
          Math.max(1, Math.ceil((-units * 1_000) / budgetPerSecond)),
        );
      } else {
        answered += 1;
        pace.onAnswer(nowMs, charge);
      }
    }
    while (underWay.length < (pace.isProbing ? 8 : 16) && pace.waitMs(nowMs) === 0) {
      const isRefused = units <= 0;
      units -= isRefused ? 0 : charge;
      underWay.push({ sentAtMs: nowMs, isRefused });
      pace.onSend(nowMs);
    }
  }
  return { answered, refused, used: (answered * charge) / (budgetPerSecond * (seconds + 1)) };
}

test("uses most of a budget with few refusals, whatever the budget and the charge of a request", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 1_000 }),
      fc.double({ min: 1, max: 6, noNaN: true }),
      (budget, charge) => {
        const { answered, refused, used } = simulate(budget, charge, 20);
        expect(used).toBeGreaterThan(0.7);
        expect(refused / (answered + refused)).toBeLessThan(0.12);
      },
    ),
    { numRuns: 20 },
  );
});

test("feeds of permissions are read at 240 RU/s with less than 5 % refused", () => {
  const { answered, refused } = simulate(240, 2.28, 20);
  expect(answered).toBeGreaterThan(1_500);
  expect(refused / (answered + refused)).toBeLessThan(0.05);
});

test("an account without refusals is asked without any pause", () => {
  const pace = createAccountPace();
  for (let nowMs = 0; nowMs < 100; nowMs += 1) {
    expect(pace.waitMs(nowMs)).toBe(0);
    pace.onSend(nowMs);
    pace.onAnswer(nowMs, 10);
  }
  expect(pace.isPaced).toBe(false);
});

test("a refusal pauses all, and after a quiet time there is no pace", () => {
  const pace = createAccountPace();
  pace.onThrottled(0, 0, 500);
  expect(pace.waitMs(100)).toBe(400);
  expect(pace.isProbing).toBe(true);
  pace.onAnswer(600, 2);
  expect([pace.isProbing, pace.isPaced]).toEqual([false, true]);
  pace.onSend(60_000);
  expect(pace.isPaced).toBe(false);
});
