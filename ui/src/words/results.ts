/** How steps of flows end, and what they are, in words. */

import { useI18n } from 'vue-i18n'

export function useResults() {
  const { t, te } = useI18n()
  const result = (value: string): string => {
    if (/^[0-9*#]$/.test(value)) return t('factSays.pressed', { key: value })
    if (/^key_[0-9*#]$/.test(value)) return t('factSays.pressed', { key: value.slice(4) })
    for (const shelf of ['resultOf', 'reasonOf']) if (te(`${shelf}.${value}`)) return t(`${shelf}.${value}`)
    // A way that the flow's author has named.
    return value.replaceAll('_', ' ')
  }
  return {
    result,
    stepType: (type: string): string => (te(`stepType.${type}`) ? t(`stepType.${type}`) : type.replaceAll('_', ' ')),
  }
}
