/** The words of `/ws/floor`, as docs/API.md has them. Moments are ISO 8601 UTC. */

import type { Title } from './model'

export interface ExpectedWait {
  low_s: number
  high_s: number
  /** As it is spoken; low 0: none that is spoken is short enough, high null: none is long enough. */
  low_min: number
  high_min: number | null
}

export interface Today {
  offered: number
  answered: number
  abandoned: number
  service_level: number | null
}

export interface FloorQueue {
  queue: string
  title: Title
  state: 'open' | 'closed' | 'unknown'
  weight: number
  waiting: number
  /** Of them, beyond the service level. */
  late: number
  service_level_s: number
  longest_since: string | null
  expected: ExpectedWait | null
  announced: boolean
  score: { held: number; of: number; trusted: boolean }
  agents: Record<'logged_out' | 'not_ready' | 'ready' | 'offered' | 'talking' | 'wrap_up', number>
  unreachable: number
  callbacks: { waiting: number; sleeping: number }
  trend: number[]
  today: Today | null
}

export interface Need {
  skills: { skill: string; level: number }[]
  level: number | null
  only: string | null
  until: string | null
}

export interface FloorCall {
  call_id: string
  queue: string
  position: number
  state: 'waiting' | 'offered'
  queued_at: string
  expected: ExpectedWait | null
  need: Need | null
  callback: boolean
  number: string
  vip_level: string
}

export interface Floor {
  at: string
  queues: FloorQueue[]
  calls: FloorCall[]
  more: number
  today: Today | null
}

export type FloorMessage =
  | ({ type: 'floor' } & Floor)
  | { type: 'beat'; at: string }
  | { type: 'pong' }
