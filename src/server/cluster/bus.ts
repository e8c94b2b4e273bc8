/**
 * Carries messages between nodes: at most once, and nothing is stored (G3), as Redis pub/sub and core NATS do. Give one
 * to `attachOnlineMessages({ bus })`. `busContract` of `react-online-message/testing` proves these rules, as runnable
 * cases:
 *
 * - **B1** A message reaches every node that is subscribed to its channel, and no other.
 * - **B2** It arrives as it was published, whatever is in it.
 * - **B3** The messages of one node on one channel stay in order.
 * - **B4** While the engine can be reached, no message arrives twice.
 * - **B5** What any node publishes after `onActive` arrives.
 * - **B6** Nothing is called within `subscribe`, and nothing after unsubscribing.
 * - **B7** Several subscriptions of one node to one channel do not disturb each other.
 * - **B8** Of several calls in quick succession, the last one counts.
 * - **B9** `publish` never throws and never rejects.
 * - **B10** A number that `publish` resolves to counts the nodes that are subscribed.
 * - **B11** Nothing that is published during an interruption of the engine arrives after it.
 * - **B12** After an interruption subscriptions are valid again, and `onActive` says so.
 */
export interface Bus {
  /**
   * Gives a message to every node that is subscribed to a channel: now or never. While the engine cannot be reached the
   * message is dropped; it is not kept and sent later (T1). Messages of one publisher on one channel stay in order. It
   * never throws and never rejects.
   *
   * @param channel 1 to 200 characters of `A` to `Z`, `a` to `z`, `0` to `9`, `_`, `-`, `%` and `:`.
   * @returns how many subscribers the engine gave it to, this node among them if it is subscribed; `undefined` where the
   *   engine does not say.
   */
  publish(channel: string, message: string): Promise<number | undefined> | undefined
  /**
   * Subscribes this node to a channel. Nothing is called within this call, and nothing after unsubscribing.
   *
   * @param onMessage is called with every message. It must not throw. Whether a node receives its own messages is up to the engine.
   * @param onActive is called when the subscription has taken effect: what any node publishes from now on arrives. It is
   *   called again whenever messages may have been lost, because the connection to the engine was, and arrive again now.
   * @returns the function that unsubscribes.
   */
  subscribe(channel: string, onMessage: (message: string) => void, onActive: () => void): () => void
}
