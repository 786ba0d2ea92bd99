export type Period = 'today' | 'week'

const DAY_MS = 86_400_000

/** Whole local days up to now. */
export function span(period: Period): { from: Date; to: Date } {
  const to = new Date()
  const midnight = new Date(to)
  midnight.setHours(0, 0, 0, 0)
  const from = period === 'today' ? midnight : new Date(midnight.getTime() - 6 * DAY_MS)
  return { from, to }
}
