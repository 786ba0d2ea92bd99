/** One line for each fact: its name, and the fields that a person wants to see. */

import { useI18n } from 'vue-i18n'

import type { CallFact } from '@/api/model'
import { phoneText } from '@/words/phone'
import { clockText } from '@/words/time'
import { useTitles } from '@/words/titles'

const TONES: Record<string, string> = {
  'call.abandoned': 'danger',
  'recording.missing': 'danger',
  'offer.ended': 'warn',
  'call.adopted': 'warn',
  'call.answered': 'good',
  'pop.delivered': 'accent',
  'disposition.set': 'accent',
}

export function factTone(fact: CallFact): string {
  return TONES[fact.kind] ?? 'plain'
}

export function useFactText() {
  const { t, te } = useI18n()
  const titles = useTitles()

  const name = (fact: CallFact): string => {
    const key = `fact.${fact.kind.replaceAll('.', '_')}`
    return te(key) ? t(key) : fact.kind
  }

  const reason = (value: string): string => (te(`reasonOf.${value}`) ? t(`reasonOf.${value}`) : value)

  const fields: Record<string, (value: unknown) => string> = {
    ani: (value) => phoneText(String(value)),
    dnis: (value) => `→ ${String(value)}`,
    flow: String,
    step: String,
    queue: (value) => titles.queue(String(value)),
    position: (value) => `#${String(value)}`,
    agents: (value) => (Array.isArray(value) ? value.join('、') : String(value)),
    agent_id: String,
    agent_name: String,
    strategy: String,
    reason: (value) => reason(String(value)),
    result: (value) => reason(String(value)),
    by: (value) => reason(String(value)),
    outcome: (value) => (te(`outcome.${String(value)}`) ? t(`outcome.${String(value)}`) : String(value)),
    waited_s: (value) => `${t('calls.waited')} ${clockText(Number(value))}`,
    rang_s: (value) => clockText(Number(value)),
    talk_s: (value) => `${t('calls.talk')} ${clockText(Number(value))}`,
    wrap_up_s: (value) => `${t('calls.wrapUp')} ${clockText(Number(value))}`,
    latency_ms: (value) => `${Math.round(Number(value))} ms`,
    disposition: (value) => titles.disposition(String(value)),
    note: String,
    duration_s: (value) => clockText(Number(value)),
    why: String,
  }

  const detail = (fact: CallFact): string =>
    Object.entries(fields)
      .filter(([field]) => fact[field] !== undefined && fact[field] !== null && fact[field] !== '')
      .map(([field, write]) => write(fact[field]))
      .join(' · ')

  return { name, detail }
}
