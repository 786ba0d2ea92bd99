/** What a failed request means to the person at the page. */

import { useI18n } from 'vue-i18n'

import { ApiError } from '@/api/client'

export function useFaults() {
  const { t } = useI18n()
  return (failure: unknown): string => {
    if (!(failure instanceof ApiError)) return t('error.other', { id: String(failure) })
    if (failure.id === 'network') return t('error.network')
    if (failure.id === 'timeout') return t('error.timeout')
    if (failure.status === 403) return t('error.forbidden')
    if (failure.status === 404) return t('error.missing')
    return t('error.other', { id: failure.id })
  }
}
