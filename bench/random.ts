/** Choices that are the same for the same seed. */
export interface Random {
  /** From `low` up to and including `high`. */
  int(low: number, high: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  pick<T>(values: readonly T[]): T;
  /** That many hexadecimal digits. */
  hex(digits: number): string;
  /** As Kubernetes appends to generated names. */
  suffix(letters: number): string;
  uuid(): string;
}

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  const pick = <T>(values: readonly T[]): T => values[int(0, values.length - 1)] as T;
  const letters = (alphabet: string, count: number): string => {
    let text = '';
    for (let i = 0; i < count; i++) text += alphabet[int(0, alphabet.length - 1)];
    return text;
  };
  const hex = (digits: number): string => letters('0123456789abcdef', digits);
  return {
    int,
    chance: (probability) => next() < probability,
    pick,
    hex,
    suffix: (count) => letters('bcdfghjklmnpqrstvwxz2456789', count),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${pick(['8', '9', 'a', 'b'])}${hex(3)}-${hex(12)}`,
  };
}
