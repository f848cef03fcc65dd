export interface MeanCost {
  mean(): number;
  onBegin(): void;
  onAnswer(requestCharge: number): void;
}

/** What it costs to do what is begun, over the last fifty or so, in request units. */
export function createMeanCost(): MeanCost {
  let begun = 1;
  let charge = 2;
  return {
    mean: () => charge / begun,
    onBegin: () => {
      begun = begun * 0.98 + 1;
      charge *= 0.98;
    },
    onAnswer: (requestCharge) => {
      charge += requestCharge;
    },
  };
}
