import { computed } from 'vue'

import { me } from '@/session'
import { useTitles } from '@/words/titles'

/** The dispositions of the site in its own order, with their titles. */
export function useDispositions() {
  const titles = useTitles()
  return computed(() =>
    Object.keys(me.value?.site.dispositions ?? {}).map((id) => ({ id, title: titles.disposition(id) })),
  )
}
