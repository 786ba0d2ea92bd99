/** One line for each fact: its name, and the fields that a person wants to see. */

import { useI18n } from 'vue-i18n'

import type { CallFact } from '@/api/model'
import type AppIcon from '@/shell/AppIcon.vue'
import { phoneText } from '@/words/phone'
import { clockText, momentText } from '@/words/time'
import { useTitles } from '@/words/titles'

type Icon = InstanceType<typeof AppIcon>['$props']['name']

/** Each says at a glance what sort of thing happened. */
const ICONS: Record<string, Icon> = {
  'call.arrived': 'phone',
  'call.adopted': 'refresh',
  'flow.entered': 'book',
  'flow.stepped': 'right',
  'flow.ended': 'book',
  'call.queued': 'queue',
  'call.abandoned': 'exit',
  'call.overflowed': 'swap',
  'need.relaxed': 'loosen',
  'wait.expected': 'hourglass',
  'callback.asked': 'callback',
  'callback.attempted': 'callback',
  'callback.ended': 'callback',
  'offer.made': 'bell',
  'offer.ended': 'phoneOff',
  'pop.delivered': 'screen',
  'call.answered': 'user',
  'talk.ended': 'close',
  'wrap_up.ended': 'check',
  'wrap_up.extended': 'clock',
  'disposition.set': 'note',
  'recording.stored': 'play',
  'recording.missing': 'alert',
  'message.left': 'play',
  'survey.answered': 'check',
  'transfer.began': 'bell',
  'call.transferred': 'swap',
  'call.ended': 'exit',
}

export function factIcon(fact: CallFact): Icon {
  if (fact.kind === 'call.queued' && fact.moved_from) return 'swap'
  return ICONS[fact.kind] ?? 'right'
}

const TONES: Record<string, string> = {
  'call.abandoned': 'danger',
  'recording.missing': 'danger',
  'offer.ended': 'warn',
  'call.adopted': 'warn',
  'call.overflowed': 'warn',
  'callback.asked': 'accent',
  'call.answered': 'good',
  'pop.delivered': 'accent',
  'disposition.set': 'accent',
}

export function factTone(fact: CallFact): string {
  return TONES[fact.kind] ?? 'plain'
}

export function useFactText() {
  const { t, te, locale } = useI18n()
  const titles = useTitles()

  const name = (fact: CallFact): string => {
    if (fact.kind === 'call.queued' && fact.moved_from) return t('fact.call_moved')
    if (fact.kind === 'callback.ended') return t(fact.result === 'connected' ? 'fact.callback_connected' : 'fact.callback_ended')
    const key = `fact.${fact.kind.replaceAll('.', '_')}`
    return te(key) ? t(key) : fact.kind
  }

  const reason = (value: string): string => (te(`reasonOf.${value}`) ? t(`reasonOf.${value}`) : value)

  const fields = {
    ani: (value: unknown) => phoneText(String(value)),
    dnis: (value: unknown) => `→ ${String(value)}`,
    flow: String,
    step: String,
    queue: (value: unknown) => titles.queue(String(value)),
    position: (value: unknown) => `#${String(value)}`,
    agents: (value: unknown) => (Array.isArray(value) ? value.join('、') : String(value)),
    agent_id: String,
    to: String,
    mailbox: String,
    agent_name: String,
    strategy: String,
    reason: (value: unknown) => reason(String(value)),
    result: (value: unknown) => reason(String(value)),
    by: (value: unknown) => reason(String(value)),
    outcome: (value: unknown) => (te(`outcome.${String(value)}`) ? t(`outcome.${String(value)}`) : String(value)),
    waited_s: (value: unknown) => `${t('calls.waited')} ${clockText(Number(value))}`,
    rang_s: (value: unknown) => clockText(Number(value)),
    talk_s: (value: unknown) => `${t('calls.talk')} ${clockText(Number(value))}`,
    wrap_up_s: (value: unknown) => `${t('calls.wrapUp')} ${clockText(Number(value))}`,
    latency_ms: (value: unknown) => `${Math.round(Number(value))} ms`,
    disposition: (value: unknown) => titles.disposition(String(value)),
    note: String,
    duration_s: (value: unknown) => clockText(Number(value)),
    why: String,
  } satisfies Record<string, (value: unknown) => string>

  const needed = (requires: unknown, levelsTo: unknown): string => {
    const parts = (Array.isArray(requires) ? requires : []).map((one) => {
      const [skill, level] = String(one).split(':')
      return `${titles.skill(skill)} ≥ ${level}`
    })
    if (typeof levelsTo === 'number') parts.push(t('floor.levelTo', { level: levelsTo }))
    return parts.join('、') || t('floor.anyone')
  }

  /** What is said of the kinds whose fields do not speak for themselves. */
  const told: Record<string, (fact: CallFact) => string[]> = {
    'call.queued': (fact) => [
      fact.moved_from ? t('factSays.moved', { from: titles.queue(String(fact.moved_from)), to: titles.queue(String(fact.queue)) }) : titles.queue(String(fact.queue)),
      fact.callback ? t('floor.callback') : '',
      `#${String(fact.position)}`,
      Array.isArray(fact.requires) && fact.requires.length ? needed(fact.requires, null) : '',
    ],
    'call.overflowed': (fact) => [
      t('factSays.rule', { rule: String(fact.rule) }),
      te(`overflow.${String(fact.action)}`) ? t(`overflow.${String(fact.action)}`) : String(fact.action),
      fact.to_queue ? `→ ${titles.queue(String(fact.to_queue))}` : '',
      fields.waited_s(fact.waited_s),
    ],
    'need.relaxed': (fact) => [needed(fact.requires, fact.levels_to), fields.waited_s(fact.waited_s)],
    'wait.expected': (fact) => [
      typeof fact.low_s === 'number' ? `${clockText(fact.low_s)} – ${clockText(Number(fact.high_s))}` : t('factSays.tooFew'),
      fact.told ? t('factSays.told') : t('floor.notTold'),
      t('factSays.plain', { plain: clockText(Number(fact.plain_s)) }),
    ],
    'callback.asked': (fact) => [
      phoneText(String(fact.number)),
      fact.chosen_at ? t('factSays.chosenAt', { time: momentText(String(fact.chosen_at), locale.value) }) : '',
      fields.waited_s(fact.waited_s),
    ],
    'callback.attempted': (fact) => [
      t('factSays.attempt', { number: Number(fact.attempt) }),
      reason(String(fact.result)),
      fact.next_at ? t('factSays.nextAt', { time: momentText(String(fact.next_at), locale.value) }) : '',
    ],
    'survey.answered': (fact) => [
      `${Number(fact.score)} / ${Number(fact.of)}`,
      String(fact.agent_id ?? ''),
      fact.queue ? titles.queue(String(fact.queue)) : '',
    ],
    'callback.ended': (fact) => [
      fact.result === 'connected' ? '' : reason(String(fact.result)),
      t('factSays.attempts', { count: Number(fact.attempts) }),
    ],
  }

  const detail = (fact: CallFact): string => (told[fact.kind]?.(fact) ?? plain(fact)).filter(Boolean).join(' · ')

  const plain = (fact: CallFact): string[] =>
    Object.entries(fields)
      .filter(([field]) => fact[field] !== undefined && fact[field] !== null && fact[field] !== '')
      .map(([field, write]) => write(fact[field]))

  return { name, detail }
}
