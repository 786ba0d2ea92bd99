/** The flows: what is in force, its versions and figures. docs/API.md says what each means. */

import type { Texts } from './model'

export interface Publication {
  number: number
  at: string
  author: string
  note: string
  source: 'folder' | 'published' | 'rollback'
  equals: number | null
  flows: Record<string, string>
}

export interface Problem {
  file: string
  line: number
  column: number
  message: string
  cure: string
}

export interface Refusal {
  at: string
  said: string
  problems: Problem[]
}

export interface FlowRow {
  flow: string
  title: Texts
  version: string
  steps: number
  brought_by: Publication | null
}

export interface FlowsNow {
  from: 'folder' | 'published'
  publication: number | null
  newest: number | null
  refusal: Refusal | null
  flows: FlowRow[]
}

export interface StepWay {
  to: string
  way: string
  key: boolean
  results: string[]
}

export interface FlowStep {
  type: string
  title: Texts
  texts: { at: string; texts: Texts }[]
  uses: string[]
  flows: string[]
  ways: StepWay[]
}

export interface FlowTold {
  flow: string
  title: Texts
  version: string
  start: string
  steps: Record<string, FlowStep>
}

export interface StepFigures {
  visits: number
  left: number
  failed: number
  drop_off: number
  no_input_rate: number
  invalid_rate: number
  results: Record<string, number>
  median_s: number | null
}

interface CallFigures {
  calls: number
  over: number
  human: number
  finished: number
  hung_up: number
  containment: number | null
  drop_off: number | null
}

/** `day`: as 2026-11-22, where the site is. */
export interface FlowDay extends CallFigures {
  day: string
}

export interface FlowFigures extends CallFigures {
  steps: Record<string, StepFigures>
}

export interface FlowChange {
  flow: string
  step: string
  what: string
  said: string
}

export interface TakenUp {
  publication: Publication | null
  in_force: number | null
  refusal: Refusal | null
}
