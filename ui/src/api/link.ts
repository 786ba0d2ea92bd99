/**
 * A socket to the engine: it comes back by itself, with growing pauses, and notices a silent peer.
 *
 * It knows nothing of calls: whole messages go in and out. After each connect the server tells how
 * everything is, so nothing is replayed from here.
 */

export type LinkState = 'connecting' | 'open' | 'lost' | 'taken_over' | 'closed'

export interface LinkEvents<Heard> {
  message(message: Heard): void
  state(state: LinkState, retryAt: number | null): void
  /** The socket was refused or cut: is this session still known? False ends the retries. */
  mayRetry(): Promise<boolean>
}

const FIRST_PAUSE_MS = 300
const LONGEST_PAUSE_MS = 10_000
const CONNECT_MS = 8_000
const PING_EVERY_MS = 15_000
const PONG_WITHIN_MS = 8_000

export class Link<Said extends { type: string }, Heard> {
  private socket: WebSocket | null = null
  private failures = 0
  private retryTimer = 0
  private pingTimer = 0
  private pongTimer = 0
  private finished = false

  constructor(
    private readonly url: string,
    private readonly events: LinkEvents<Heard>,
  ) {}

  open(): void {
    this.finished = false
    window.addEventListener('online', this.retryNow)
    this.connect()
  }

  close(state: 'closed' | 'taken_over' = 'closed'): void {
    this.finished = true
    window.removeEventListener('online', this.retryNow)
    this.drop()
    this.events.state(state, null)
  }

  /** False: there is no connection, nothing was sent. */
  send(message: Said | { type: 'ping' }): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false
    this.socket.send(JSON.stringify(message))
    return true
  }

  readonly retryNow = (): void => {
    if (this.finished || this.socket) return
    window.clearTimeout(this.retryTimer)
    this.connect()
  }

  private connect(): void {
    this.events.state('connecting', null)
    const socket = new WebSocket(this.url)
    this.socket = socket
    this.pongTimer = window.setTimeout(() => this.lose(socket), CONNECT_MS)
    socket.onopen = () => {
      window.clearTimeout(this.pongTimer)
      this.pingTimer = window.setInterval(() => this.ping(socket), PING_EVERY_MS)
      this.events.state('open', null)
    }
    socket.onmessage = (event: MessageEvent<string>) => this.receive(socket, event.data)
    socket.onclose = () => this.lose(socket)
  }

  private receive(socket: WebSocket, data: string): void {
    if (socket !== this.socket) return
    window.clearTimeout(this.pongTimer)
    this.failures = 0
    this.events.message(JSON.parse(data) as Heard)
  }

  private ping(socket: WebSocket): void {
    if (!this.send({ type: 'ping' })) return
    window.clearTimeout(this.pongTimer)
    this.pongTimer = window.setTimeout(() => this.lose(socket), PONG_WITHIN_MS)
  }

  private drop(): void {
    window.clearTimeout(this.retryTimer)
    window.clearTimeout(this.pongTimer)
    window.clearInterval(this.pingTimer)
    const socket = this.socket
    this.socket = null
    socket?.close()
  }

  private lose(socket: WebSocket): void {
    if (socket !== this.socket) return
    this.drop()
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.failures)
    // Spread, so that a restarted engine is not met by all pages in the same moment.
    const spread = pause * (0.7 + Math.random() * 0.6)
    this.failures += 1
    this.events.state('lost', Date.now() + spread)
    void this.events.mayRetry().then((may) => {
      if (this.finished || this.socket) return
      if (may) this.retryTimer = window.setTimeout(this.retryNow, spread)
      else this.close()
    })
  }
}

/** The address of a socket of the server that this page came from. */
export function socketUrl(path: string): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${path}`
}
