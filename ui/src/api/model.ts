/** What the server says, word for word as docs/API.md has it. Moments are ISO 8601 UTC. */

export type Language = 'zh-CN' | 'en'
export type Texts = Partial<Record<Language, string>>
/** A title may come in all languages of the site or as one text. */
export type Title = Texts | string
export type Role = 'agent' | 'supervisor' | 'administrator'

export interface SiteWords {
  name: Title
  languages: Language[]
  queues: Record<string, Title>
  not_ready_reasons: Record<string, Title>
  dispositions: Record<string, Title>
  vip_levels: Record<string, Title>
  skills: Record<string, Title>
  /** Names by extension. */
  agents: Record<string, string>
}

export interface Me {
  username: string
  name: string
  role: Role
  agent_id: string | null
  csrf: string
  site: SiteWords
}

export interface QueueRow {
  queue: string
  title: Title
  offered: number
  answered: number
  abandoned: number
  short_abandoned: number
  released: number
  overflowed: number
  called_back: number
  callbacks: number
  callbacks_answered: number
  callbacks_given_up: number
  callbacks_open: number
  waiting: number
  service_level: number | null
  service_level_s: number | null
  asa_s: number | null
  aht_s: number | null
  longest_wait_s: number | null
}

export interface QueueReport {
  from: string
  to: string
  rows: QueueRow[]
  total: QueueRow
  formulas: Record<string, string>
  balanced: boolean
}

/** Totals have neither queue nor agent. */
export interface SurveyRow {
  survey: string
  of: number
  queue: string | null
  agent_id: string | null
  answers: number
  mean: number
  lowest: number
}

export interface SurveyReport {
  rows: SurveyRow[]
  totals: SurveyRow[]
}

export interface CallRow {
  call_id: string
  ani: string
  dnis: string
  customer_id: number | null
  customer_name: string | null
  vip_level: string | null
  flow: string | null
  queue: string | null
  agent_id: string | null
  agent_name: string | null
  arrived_at: string
  queued_at: string | null
  answered_at: string | null
  ended_at: string | null
  outcome: string | null
  waited_s: number | null
  talk_s: number | null
  hold_s: number | null
  wrap_up_s: number | null
  disposition: string | null
  note: string | null
  recording: boolean
  pop_latency_ms: number | null
  last_step: string | null
}

export interface CallFact {
  at: string
  kind: string
  [field: string]: unknown
}

/** What the flows and steps that the facts name are called; those without a title are not there. */
export type StoryFlows = Record<string, { title: Texts; steps: Record<string, Texts> }>

export interface CallStory {
  call: CallRow
  facts: CallFact[]
  flows: StoryFlows
}

export interface FoundArticle {
  id: string
  title: string
  sentence: string
  score: number
}

export interface Article {
  id: string
  title: string
  body: string
  language: string
}
