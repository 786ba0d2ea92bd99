/** Titles that the site file gives to its queues, reasons, dispositions and VIP levels. */

import { useI18n } from 'vue-i18n'

import type { Language, SiteWords, Title } from '@/api/model'
import { me } from '@/session'

export function titleText(title: Title | undefined, language: string, fallback: string): string {
  if (title === undefined) return fallback
  if (typeof title === 'string') return title || fallback
  return title[language as Language] ?? title['zh-CN'] ?? title.en ?? fallback
}

type Shelf = Exclude<keyof SiteWords, 'name' | 'languages' | 'agents'>

export function useTitles() {
  const { t, te, locale } = useI18n()
  const of = (shelf: Shelf) => (id: string | null | undefined) =>
    id ? titleText(me.value?.site[shelf]?.[id], locale.value, id) : ''
  return {
    queue: of('queues'),
    /** The site's own reasons, and those that the engine gives by itself. */
    reason: (id: string | null | undefined) =>
      id && te(`ownReason.${id}`) ? t(`ownReason.${id}`) : of('not_ready_reasons')(id),
    disposition: of('dispositions'),
    vip: of('vip_levels'),
    skill: of('skills'),
    /** Name and extension; the extension alone when the site has no such agent any more. */
    agent: (id: string) => {
      const known = me.value?.site.agents?.[id]
      return known ? `${known} ${id}` : id
    },
    site: () => titleText(me.value?.site.name, locale.value, 'ccengine'),
    of: (title: Title, fallback: string) => titleText(title, locale.value, fallback),
  }
}
