/** One ticking clock for all timers of the page, and how far the server's clock is from it. */

import { onScopeDispose, ref } from 'vue'

const TICK_MS = 250

const now = ref(Date.now())
let users = 0
let timer = 0

/** Milliseconds, a few times a second, while somebody looks. */
export function useNow() {
  if (users++ === 0) {
    now.value = Date.now()
    timer = window.setInterval(() => (now.value = Date.now()), TICK_MS)
  }
  onScopeDispose(() => {
    if (--users === 0) window.clearInterval(timer)
  })
  return now
}

const aheadMs = ref(0)

/**
 * From the `Date` header of an answer that has just come (whole seconds). Clocks that agree within
 * its precision are left alone.
 */
export function learnServerClock(date: string | null): void {
  if (!date) return
  const ahead = new Date(date).getTime() + 500 - Date.now()
  aheadMs.value = Math.abs(ahead) < 1_500 ? 0 : ahead
}

/** A moment of the server in this page's clock. */
export function localMs(iso: string): number {
  return new Date(iso).getTime() - aheadMs.value
}
