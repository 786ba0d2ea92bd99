/**
 * The agent's desk as the page knows it: the last state from the server, the card of the call, and
 * what the agent has begun to write. One per page, alive on all pages, so that no pop is missed.
 */

import { computed, reactive, ref } from 'vue'

import { api, ApiError } from '@/api/client'
import { Link, socketUrl, type LinkState } from '@/api/link'
import type { CallRow } from '@/api/model'
import { sessionStands } from '@/session'

import { draftOf, forgetDraft, type Draft } from './drafts'
import type { OfferResult, PageMessage, PopMessage, RefusedMessage, ServerMessage, StateMessage } from './messages'

export interface Notice {
  kind: 'offer_ended' | 'refused' | 'not_sent'
  result?: OfferResult
  /** Of the server's refusal. */
  id?: string
  text?: string
  at: number
}

/** A call that was left without a disposition, so that it can be caught up on. */
export interface Unfinished {
  call_id: string
  who: string
  draft: Draft
}

const UNFINISHED_KEPT = 5
/** The state `offered` may come just before its pop. */
const POP_MAY_FOLLOW_MS = 500

export const desk = reactive({
  link: 'closed' as LinkState,
  retryAt: null as number | null,
  agent: null as StateMessage | null,
  pop: null as PopMessage | null,
  popAt: 0,
  /** The card was rebuilt from the call record: the page came late to this call. */
  rebuilt: false,
  talkS: null as number | null,
  /** Asked for while a call is on; takes effect after it. */
  afterCall: '',
  notice: null as Notice | null,
  unfinished: [] as Unfinished[],
  /** Grows when a call is over: whoever shows calls looks again. */
  callsSeen: 0,
})

export const online = computed(() => desk.link === 'open' && desk.agent !== null)
export const callId = computed(() => desk.pop?.call_id ?? desk.agent?.call_id ?? null)
export const onPop = ref<(pop: PopMessage) => void>(() => undefined)

let link: Link<PageMessage, ServerMessage> | null = null
/** The next state is the first after connecting: whatever the page believed before is void. */
let fresh = true
let lastOffer = { offer_id: '', who: '' }
/** Believed saved, until the server says otherwise. */
let lastSaved: Unfinished | null = null

export function openDesk(): void {
  if (link) return
  link = new Link<PageMessage, ServerMessage>(socketUrl('/ws/desk'), {
    message: take,
    state: (state, retryAt) => {
      desk.link = state
      if (state === 'open') fresh = true
      desk.retryAt = retryAt
    },
    mayRetry: sessionStands,
  })
  link.open()
}

export function closeDesk(): void {
  link?.close()
  link = null
  Object.assign(desk, { agent: null, pop: null, notice: null, unfinished: [], afterCall: '' })
}

/** This page becomes the live one again after another page took over. */
export function reopenDesk(): void {
  link?.open()
}

export function retryNow(): void {
  link?.retryNow()
}

function send(message: PageMessage): boolean {
  const sent = link?.send(message) ?? false
  if (!sent && message.type !== 'pop_shown') desk.notice = { kind: 'not_sent', at: Date.now() }
  return sent
}

function take(message: ServerMessage): void {
  switch (message.type) {
    case 'state':
      return takeState(message)
    case 'pop':
      return takePop(message)
    case 'offer_ended':
      return takeOfferEnded(message.offer_id, message.result)
    case 'call_ended':
      desk.talkS = message.talk_s
      return
    case 'refused':
      return takeRefused(message)
    case 'taken_over':
      return link?.close('taken_over')
    case 'pong':
      return
  }
}

function takeRefused(message: RefusedMessage): void {
  desk.notice = { kind: 'refused', id: message.id, text: message.message, at: Date.now() }
  const request = typeof message.request === 'string' ? message.request : message.request?.type
  if (request === 'not_ready') desk.afterCall = ''
  if (request !== 'disposition' || !lastSaved) return
  lastSaved.draft.saved = false
  if (lastSaved.call_id !== desk.pop?.call_id) keepUnfinished(lastSaved)
  lastSaved = null
}

const ON_CALL = new Set(['offered', 'talking', 'wrap_up'])

export function isOnCall(state: string | undefined): boolean {
  return state !== undefined && ON_CALL.has(state)
}

function takeState(state: StateMessage): void {
  const before = desk.agent?.state
  const first = fresh
  fresh = false
  desk.agent = state
  if (isOnCall(state.state)) {
    if (state.call_id) awaitCard(state.call_id)
    return
  }
  desk.afterCall = ''
  if (before === 'wrap_up' || before === 'talking') leaveCall()
  // A pop comes a moment before the state that goes with it: only a call that was on is over here.
  else if (first || isOnCall(before)) desk.pop = null
}

function takePop(pop: PopMessage): void {
  const known = desk.pop?.offer_id === pop.offer_id
  if (!known) {
    if (desk.pop && desk.pop.call_id !== pop.call_id) leaveCall()
    Object.assign(desk, { popAt: Date.now(), talkS: null, rebuilt: false, notice: null })
  }
  desk.pop = pop
  lastOffer = { offer_id: pop.offer_id, who: pop.customer?.name || pop.ani }
  if (!known) onPop.value(pop)
  // Told again after a lost connection: the card is on the screen, but the word may have been lost.
  else popShown(pop.offer_id)
}

/** The card is really on the screen. */
export function popShown(offerId: string): void {
  send({ type: 'pop_shown', offer_id: offerId })
}

function takeOfferEnded(offerId: string, result: OfferResult): void {
  if (lastOffer.offer_id !== offerId || result === 'answered') return
  desk.notice = { kind: 'offer_ended', result, text: lastOffer.who, at: Date.now() }
  if (desk.pop?.offer_id === offerId) desk.pop = null
}

function awaitCard(id: string): void {
  if (id === desk.pop?.call_id) return
  window.setTimeout(() => {
    if (id === desk.agent?.call_id && id !== desk.pop?.call_id) void rebuildCard(id)
  }, POP_MAY_FOLLOW_MS)
}

/** The page was opened, or came back, in the middle of a call: the record tells most of the card. */
async function rebuildCard(id: string): Promise<void> {
  let row: CallRow | null = null
  try {
    row = (await api.call(id)).call
  } catch (failure) {
    if (!(failure instanceof ApiError)) throw failure
  }
  if (!row || desk.agent?.call_id !== id || desk.pop?.call_id === id) return
  desk.rebuilt = true
  desk.popAt = Date.now()
  desk.pop = {
    type: 'pop', offer_id: '', call_id: id, queue: row.queue ?? '', ani: row.ani,
    ani_verified: true, dnis: row.dnis, language: '', vip_level: row.vip_level ?? '',
    customer: row.customer_name
      ? {
          customer_id: row.customer_id ?? 0, name: row.customer_name,
          vip_level: row.vip_level ?? '', tags: [], note: '',
        }
      : null,
    path: [], question: '', waited_s: row.waited_s ?? 0, history: [], articles: [],
  }
}

/** The call is over for the server. What was chosen is saved; what was not is kept in sight. */
function leaveCall(): void {
  const pop = desk.pop
  desk.pop = null
  desk.talkS = null
  desk.callsSeen += 1
  if (!pop) return
  const draft = draftOf(pop.call_id)
  if (draft.saved) return forgetDraft(pop.call_id)
  if (draft.disposition && saveDisposition(pop.call_id)) return
  keepUnfinished({ call_id: pop.call_id, who: pop.customer?.name || pop.ani, draft })
}

function keepUnfinished(call: Unfinished): void {
  const others = desk.unfinished.filter((other) => other.call_id !== call.call_id)
  desk.unfinished = [call, ...others].slice(0, UNFINISHED_KEPT)
}

/** False: nothing is chosen, or there is no connection. */
export function saveDisposition(id: string): boolean {
  const draft = draftOf(id)
  if (!draft.disposition) return false
  const note = draft.note.trim()
  if (!send({ type: 'disposition', call_id: id, disposition: draft.disposition, note })) return false
  draft.saved = true
  const who = desk.unfinished.find((call) => call.call_id === id)?.who ?? lastOffer.who
  lastSaved = { call_id: id, who, draft }
  desk.unfinished = desk.unfinished.filter((call) => call.call_id !== id)
  desk.callsSeen += 1
  return true
}

export function dropUnfinished(id: string): void {
  desk.unfinished = desk.unfinished.filter((call) => call.call_id !== id)
  forgetDraft(id)
}

/** More time for the wrap-up, if there is any to be had. */
export function extendWrapUp(): void {
  if (desk.agent?.state === 'wrap_up' && desk.agent.extensions_left > 0) send({ type: 'extend_wrap_up' })
}

export function goReady(): void {
  if (send({ type: 'ready' })) desk.afterCall = ''
}

export function goNotReady(reason: string): void {
  if (!send({ type: 'not_ready', reason })) return
  if (isOnCall(desk.agent?.state)) desk.afterCall = reason
}
