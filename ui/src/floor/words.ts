/** Expected waits and needs, in the words of the page. */

import { useI18n } from 'vue-i18n'

import type { ExpectedWait, Need } from '@/api/floor'
import { useTitles } from '@/words/titles'

export function useFloorWords() {
  const { t, locale } = useI18n()
  const titles = useTitles()

  /** In minutes, as the caller hears it. */
  const expected = (wait: ExpectedWait): string => {
    const { low_min: low, high_min: high } = wait
    if (wait.high_s < 60) return t('floor.underMinute')
    if (high === null) return t('floor.overMinutes', { low: low || 1 })
    if (low === high) return t('floor.aboutMinutes', { low })
    return low === 0 ? t('floor.upToMinutes', { high }) : t('floor.minutes', { low, high })
  }

  const clock = (moment: string): string =>
    new Date(moment).toLocaleTimeString(locale.value, { hourCycle: 'h23' })

  const need = (wanted: Need | null): string => {
    if (!wanted) return t('floor.anyone')
    const parts = wanted.only
      ? [t('floor.onlyAgent', { agent: titles.agent(wanted.only) })]
      : wanted.skills.map(({ skill, level }) => `${titles.skill(skill)} ≥ ${level}`)
    if (!wanted.only && wanted.level !== null) parts.push(t('floor.levelTo', { level: wanted.level }))
    return parts.join(locale.value === 'en' ? ', ' : '、')
  }

  const until = (wanted: Need | null): string =>
    wanted?.until ? t('floor.until', { time: clock(wanted.until) }) : ''

  return { expected, need, until }
}
