/** One line for each fact: its name, and the fields that a person wants to see. */

import { useI18n } from 'vue-i18n'

import type { CallFact, StoryFlows } from '@/api/model'
import type AppIcon from '@/shell/AppIcon.vue'
import { phoneText } from '@/words/phone'
import { useResults } from '@/words/results'
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
  'outside.asked': 'search',
  'article.read': 'book',
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
  'message.left': 'accent',
  'survey.answered': 'accent',
}

export function factTone(fact: CallFact): string {
  if (fact.kind === 'call.transferred') return fact.result === 'answered' ? 'good' : 'warn'
  if (fact.kind === 'outside.asked') return ['found', 'nothing', 'not_found'].includes(String(fact.result)) ? 'plain' : 'warn'
  return TONES[fact.kind] ?? 'plain'
}

/** `flows`: what the steps of the story are called. */
export function useFactText(flows: () => StoryFlows) {
  const { t, te, locale } = useI18n()
  const titles = useTitles()
  const { result } = useResults()

  const flowName = (flow: unknown): string => titles.of(flows()[String(flow)]?.title ?? {}, String(flow))
  const stepName = (fact: CallFact): string => titles.of(flows()[String(fact.flow)]?.steps[String(fact.step)] ?? {}, String(fact.step))
  const word = (shelf: string, value: unknown): string => (te(`${shelf}.${String(value)}`) ? t(`${shelf}.${String(value)}`) : String(value))

  const name = (fact: CallFact): string => {
    if (fact.kind === 'call.queued' && fact.moved_from) return t('fact.call_moved')
    if (fact.kind === 'callback.ended') return t(fact.result === 'connected' ? 'fact.callback_connected' : 'fact.callback_ended')
    const key = `fact.${fact.kind.replaceAll('.', '_')}`
    return te(key) ? t(key) : `${t('fact.other')} · ${fact.kind}`
  }

  const reason = (value: string): string => (te(`reasonOf.${value}`) ? t(`reasonOf.${value}`) : result(value))

  const fields = {
    ani: (value: unknown) => phoneText(String(value)),
    dnis: (value: unknown) => `→ ${String(value)}`,
    flow: flowName,
    step: String,
    queue: (value: unknown) => titles.queue(String(value)),
    position: (value: unknown) => `#${String(value)}`,
    agents: (value: unknown) => (Array.isArray(value) ? value.map((one) => titles.agent(String(one))).join('、') : String(value)),
    agent_id: (value: unknown) => titles.agent(String(value)),
    to: String,
    mailbox: String,
    agent_name: String,
    strategy: (value: unknown) => word('why.strategy', value),
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
    'flow.entered': (fact) => [
      flowName(fact.flow),
      fact.version ? t('factSays.version', { version: String(fact.version).slice(0, 8) }) : '',
      fact.language ? word('card.languages', fact.language) : '',
    ],
    'flow.stepped': (fact) => [
      stepName(fact),
      result(String(fact.result)),
      Number(fact.no_input) ? t('factSays.silent', { count: Number(fact.no_input) }) : '',
      Number(fact.invalid) ? t('factSays.wrong', { count: Number(fact.invalid) }) : '',
    ],
    'flow.ended': (fact) => [flowName(fact.flow), stepName(fact), result(String(fact.result))],
    'outside.asked': (fact) => [
      stepName(fact),
      te(`sourceOf.${String(fact.source)}`) ? t(`sourceOf.${String(fact.source)}`) : t('factSays.system', { system: String(fact.source) }),
      result(String(fact.result)),
      fact.cached ? t('factSays.cached') : t('factSays.tookMs', { ms: Math.round(Number(fact.took_ms)) }),
    ],
    'article.read': (fact) => [
      stepName(fact),
      t('factSays.article', { article: String(fact.article_id) }),
      typeof fact.helped === 'boolean' ? t(fact.helped ? 'factSays.helped' : 'factSays.notHelped') : t('factSays.notAsked'),
    ],
    'message.left': (fact) => [
      word('purposeOf', fact.purpose),
      String(fact.mailbox ?? ''),
      t('factSays.long', { time: clockText(Number(fact.duration_s)) }),
    ],
    'survey.answered': (fact) => [
      t('factSays.score', { score: Number(fact.score), of: Number(fact.of) }),
      fact.agent_id ? titles.agent(String(fact.agent_id)) : '',
      fact.queue ? titles.queue(String(fact.queue)) : '',
    ],
    'transfer.began': (fact) => [t(fact.outside ? 'factSays.ringsOutside' : 'factSays.ringsInside'), phoneText(String(fact.to))],
    'call.transferred': (fact) => [
      phoneText(String(fact.to)),
      result(String(fact.result)),
      fact.why ? result(String(fact.why)) : '',
      Number(fact.rang_s) ? t('factSays.rang', { time: clockText(Number(fact.rang_s)) }) : '',
      Number(fact.talk_s) ? fields.talk_s(fact.talk_s) : '',
    ],
    'callback.ended': (fact) => [
      fact.result === 'connected' ? '' : reason(String(fact.result)),
      t('factSays.attempts', { count: Number(fact.attempts) }),
    ],
  }

  const detail = (fact: CallFact): string => (told[fact.kind]?.(fact) ?? plain(fact)).filter(Boolean).join(' · ')

  const plain = (fact: CallFact): string[] =>
    Object.entries(fields)
      .filter(([field]) => fact[field] !== undefined && fact[field] !== null && fact[field] !== '' && (typeof fact[field] !== 'object' || Array.isArray(fact[field])))
      .map(([field, write]) => write(fact[field]))

  return { name, detail }
}
