/**
 * Continues with a value that may have to be waited for. A value that is there already continues within the call: an
 * `await` would let later work overtake it (T6).
 */
export function settle<Value, Result>(
  value: Value | Promise<Value>,
  next: (value: Value) => Result | Promise<Result>,
): Result | Promise<Result> {
  return value instanceof Promise ? value.then(next) : next(value)
}
