/** The live queues as this page knows them: the last picture, and how old it is. */

import { reactive, ref } from 'vue'

import type { Floor, FloorMessage } from '@/api/floor'
import { Link, socketUrl, type LinkState } from '@/api/link'
import { sessionStands } from '@/session'

/** Without a word for so long, what is shown may not be so any more; the server speaks every 2 s. */
export const BEHIND_MS = 6_000

export const floor = reactive({
  link: 'closed' as LinkState,
  retryAt: null as number | null,
  heardAt: 0,
})
export const picture = ref<Floor | null>(null)
/** How far the server's clock is ahead of this page's. */
const aheadMs = ref(0)

let link: Link<{ type: 'ping' }, FloorMessage> | null = null

export function openFloor(): void {
  if (link) return
  link = new Link<{ type: 'ping' }, FloorMessage>(socketUrl('/ws/floor'), {
    message: take,
    state: (state, retryAt) => Object.assign(floor, { link: state, retryAt }),
    mayRetry: sessionStands,
  })
  link.open()
}

export function closeFloor(): void {
  link?.close()
  link = null
  picture.value = null
  floor.heardAt = 0
}

export function retryFloor(): void {
  link?.retryNow()
}

function take(message: FloorMessage): void {
  if (message.type === 'pong') return
  floor.heardAt = Date.now()
  aheadMs.value = new Date(message.at).getTime() - floor.heardAt
  if (message.type === 'floor') picture.value = message
}

/** Seconds since this moment of the server, at `nowMs` of this page. */
export function secondsSince(moment: string, nowMs: number): number {
  return Math.max(0, (nowMs + aheadMs.value - new Date(moment).getTime()) / 1000)
}
