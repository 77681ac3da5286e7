/** A copy as it comes back from where JSON is stored. Much faster than `structuredClone`. */
export function copied<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
