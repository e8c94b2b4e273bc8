/** The part of an event that the handlers use. It fits the events of every version of React. */
export interface TypingInputEvent {
  /** The event's name. */
  readonly type: string
  /** The element that has the `inputProps`. */
  readonly currentTarget: EventTarget
  /**
   * The browser's own event. Where it has no path, as in React Native, no field is found. An input event says with
   * `inputType` what has changed the text.
   */
  readonly nativeEvent: { readonly inputType?: string; composedPath?(): readonly EventTarget[] }
}
