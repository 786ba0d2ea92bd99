/** The columns of the queue report, and how each is written. */

import type { QueueRow } from '@/api/model'
import { durationText } from '@/words/time'

export const METRICS = [
  'offered',
  'answered',
  'abandoned',
  'short_abandoned',
  'released',
  'overflowed',
  'called_back',
  'waiting',
  'service_level',
  'asa_s',
  'aht_s',
  'longest_wait_s',
] as const

export const CALLBACKS = ['callbacks', 'callbacks_answered', 'callbacks_given_up', 'callbacks_open'] as const

export type Metric = (typeof CALLBACKS)[number] | (typeof METRICS)[number] | 'abandon_rate'

export function percentText(share: number | null): string {
  return share === null ? '—' : `${(share * 100).toFixed(1)}%`
}

export function abandonRate(row: QueueRow): number | null {
  return row.offered > 0 ? row.abandoned / row.offered : null
}

export function metricText(row: QueueRow, metric: Metric): string {
  if (metric === 'abandon_rate') return percentText(abandonRate(row))
  const value = row[metric]
  if (metric === 'service_level') return percentText(value)
  if (metric.endsWith('_s')) return durationText(value)
  return String(value ?? '—')
}
