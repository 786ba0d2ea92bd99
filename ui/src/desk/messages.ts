import type { Texts } from '@/api/model'

/** The words of `/ws/desk`, as docs/API.md has them. Moments are ISO 8601 UTC. */

export type AgentState = 'logged_out' | 'not_ready' | 'ready' | 'offered' | 'talking' | 'wrap_up'
export type PhoneState = 'unreachable' | 'idle' | 'ringing' | 'busy'
export type OfferResult = 'missed' | 'refused' | 'unreachable' | 'withdrawn' | 'answered'

export interface StateMessage {
  type: 'state'
  state: AgentState
  reason: string
  since: string
  phone: PhoneState
  call_id: string | null
  /** Null in a wrap-up: it lasts until the agent is done. */
  wrap_up_until: string | null
  /** How often this wrap-up can be made longer. */
  extensions_left: number
}

export interface Customer {
  customer_id: number
  name: string
  vip_level: string
  tags: string[]
  note: string
}

export interface PathStep {
  step: string
  result: string
  /** Of the step, and of the one that it led to; empty: they have none. */
  title?: Texts
  led_to?: Texts
}

export interface PastCall {
  call_id: string
  at: string
  queue: string
  agent_name: string
  outcome: string
  disposition: string
  note: string
}

export interface SuggestedArticle {
  article_id: string
  title: string
  sentence: string
  score: number
}

export interface PopMessage {
  type: 'pop'
  offer_id: string
  call_id: string
  queue: string
  ani: string
  ani_verified: boolean
  dnis: string
  language: string
  vip_level: string
  customer: Customer | null
  path: PathStep[]
  question: string
  waited_s: number
  history: PastCall[]
  articles: SuggestedArticle[]
}

export interface OfferEndedMessage {
  type: 'offer_ended'
  offer_id: string
  call_id: string
  result: OfferResult
}

export interface CallEndedMessage {
  type: 'call_ended'
  call_id: string
  talk_s: number
}

export interface RefusedMessage {
  type: 'refused'
  id: string
  message: string
  /** The kind of the refused request, or the request itself. */
  request: string | { type?: string; call_id?: string } | null
}

export type ServerMessage =
  | StateMessage
  | PopMessage
  | OfferEndedMessage
  | CallEndedMessage
  | RefusedMessage
  | { type: 'taken_over' }
  | { type: 'pong' }

export type PageMessage =
  | { type: 'pop_shown'; offer_id: string }
  | { type: 'ready' }
  | { type: 'not_ready'; reason: string }
  | { type: 'extend_wrap_up' }
  | { type: 'disposition'; call_id: string; disposition: string; note: string }
  | { type: 'ping' }
