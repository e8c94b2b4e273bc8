type IsAny<T> = 0 extends 1 & T ? true : false

/** Whether two types are the same; `any` is the same as `any` only. Use: `true satisfies Equal<A, B>`. */
export type Equal<A, B> = [A, IsAny<A>] extends [B, IsAny<B>]
  ? [B, IsAny<B>] extends [A, IsAny<A>]
    ? true
    : false
  : false
