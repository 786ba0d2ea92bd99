/** Why a call went where it went, as docs/API.md has it. */

import type { Language } from './model'

export type Because = Record<Language, string>

export interface AgentTerms {
  agent_id: string
  /** A code: the first reason that holds. */
  why: string
  because: Because
  state: string
  skills: Record<string, number>
  level: number
  answered: number
  last_talk_ended_at: string | null
  rank: number | null
}

export interface CallTerms {
  call_id: string
  queue: string
  why_behind: string
  because: Because
  requires: string[]
  levels_to: number | null
  only: string | null
  weight: number
  head_start_s: number
  ageing: number
  waited_s: number
  standing_s: number
}

export interface Explained {
  at: string
  rules: string
  queue: string
  strategy: string
  chosen: string[]
  call: CallTerms
  position: number
  /** The agent who became free and looked for a call; null: the call looked for an agent. */
  freed: string | null
  agents: AgentTerms[]
  calls: CallTerms[]
}

export interface OfferWhy extends Explained {
  number: number
  ended: { kind: string; at: string; agent_id: string; result?: string; rang_s?: number }[]
}

export interface WaitWhy extends Explained {
  when: string
}

export interface CallWhy {
  call_id: string
  offers: OfferWhy[]
  waits: WaitWhy[]
  files: string[]
  ending: string
  differs_at: string | null
}
