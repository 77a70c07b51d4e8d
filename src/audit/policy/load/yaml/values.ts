/** What a scalar means. Integers are bigint, of 64 bits with or without a sign, and all other numbers are floats. */
export type YamlScalar = null | boolean | string | bigint | number;

/** What a document means: aliases followed, mappings merged. Keys may be any scalar. */
export type YamlValue = YamlScalar | readonly YamlValue[] | YamlMap;

/** A symbol is a key that is NaN: it is like nothing, not even itself. Of several entries with one key the last stays. */
export type YamlMap = ReadonlyMap<YamlScalar | symbol, YamlValue>;
