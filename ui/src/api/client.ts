/** The one way to the server: cookies, the CSRF token, a deadline, and errors with an id. */

import { learnServerClock } from '@/words/clock'

import type { FlowChange, FlowDay, FlowFigures, FlowsNow, FlowTold, Problem, Publication, TakenUp } from './flows'
import type { Article, CallRow, CallStory, FoundArticle, Me, QueueReport, SurveyReport } from './model'
import type { CallWhy } from './why'

const DEADLINE_MS = 10_000
/** Why is replayed, and others may be asking. */
const REPLAY_MS = 35_000
/** New flows are spoken before they are in force. */
const PUBLISH_MS = 65_000
/** Sums over a busy day. */
const SUMS_MS = 30_000

/** `id` is stable and the server's; `network` and `timeout` are the page's own. */
export class ApiError extends Error {
  constructor(
    readonly id: string,
    message: string,
    readonly status: number,
  ) {
    super(message)
  }
}

let csrf = ''
let whenLoggedOut: () => void = () => undefined

/** Called when the server no longer knows this session. */
export function onLoggedOut(handler: () => void): void {
  whenLoggedOut = handler
}

function rememberCsrf(me: Me): Me {
  csrf = me.csrf
  return me
}

async function ask<T>(method: string, path: string, body?: unknown, deadlineMs = DEADLINE_MS): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (method !== 'GET') headers['X-CSRF-Token'] = csrf
  let response: Response
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'same-origin',
      signal: AbortSignal.timeout(deadlineMs),
    })
  } catch (failure) {
    const late = failure instanceof DOMException && failure.name === 'TimeoutError'
    throw new ApiError(late ? 'timeout' : 'network', String(failure), 0)
  }
  learnServerClock(response.headers.get('Date'))
  if (response.ok) return (await content(response)) as T
  const error = await errorOf(response)
  if (response.status === 401 && error.id !== 'login.refused') whenLoggedOut()
  throw error
}

async function content(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined
  const isJson = response.headers.get('Content-Type')?.startsWith('application/json')
  return isJson ? response.json() : response.text()
}

async function errorOf(response: Response): Promise<ApiError> {
  const fallback = `http.${response.status}`
  try {
    const { error } = (await response.json()) as { error?: { id?: string; message?: string } }
    return new ApiError(error?.id ?? fallback, error?.message ?? '', response.status)
  } catch {
    // A proxy's page is not JSON: the status is all there is to say.
    return new ApiError(fallback, response.statusText, response.status)
  }
}

const segment = encodeURIComponent

export const api = {
  login: async (username: string, password: string) =>
    rememberCsrf(await ask<Me>('POST', '/api/login', { username, password })),
  logout: () => ask<void>('POST', '/api/logout'),
  me: async () => rememberCsrf(await ask<Me>('GET', '/api/me')),
  queueReport: (from: Date, to: Date, language: string) =>
    ask<QueueReport>(
      'GET',
      `/api/report/queues?from=${segment(from.toISOString())}&to=${segment(to.toISOString())}&language=${segment(language)}`,
    ),
  surveyReport: (from: Date, to: Date) =>
    ask<SurveyReport>(
      'GET',
      `/api/report/surveys?from=${segment(from.toISOString())}&to=${segment(to.toISOString())}`,
    ),
  calls: async (limit: number) =>
    (await ask<{ calls: CallRow[] }>('GET', `/api/calls?limit=${limit}`)).calls,
  call: (callId: string) => ask<CallStory>('GET', `/api/calls/${segment(callId)}`),
  why: (callId: string) => ask<CallWhy>('GET', `/api/calls/${segment(callId)}/why`, undefined, REPLAY_MS),
  recordingUrl: (callId: string) => `/api/calls/${segment(callId)}/recording`,
  messageUrl: (callId: string, number: number) => `/api/calls/${segment(callId)}/messages/${number}`,
  searchKnowledge: async (q: string, limit = 8) =>
    (
      await ask<{ articles: FoundArticle[] }>('GET', `/api/knowledge?q=${segment(q)}&limit=${limit}`)
    ).articles,
  flows: () => ask<FlowsNow>('GET', '/api/flows'),
  flow: (flow: string) => ask<FlowTold>('GET', `/api/flow/${segment(flow)}`),
  flowPicture: (flow: string, from: Date, language: string) =>
    ask<string>(
      'GET',
      `/api/flow/${segment(flow)}/picture?figures=true&from=${segment(from.toISOString())}&language=${segment(language)}`,
      undefined,
      SUMS_MS,
    ),
  flowFigures: async (from: Date) =>
    (
      await ask<{ flows: Record<string, FlowFigures> }>(
        'GET',
        `/api/flows/figures?from=${segment(from.toISOString())}`,
        undefined,
        SUMS_MS,
      )
    ).flows,
  flowVersions: async (flow: string) =>
    (await ask<{ publications: Publication[] }>('GET', `/api/flows/versions?flow=${segment(flow)}`))
      .publications,
  flowDays: async (flow: string, days: number) =>
    (
      await ask<{ days: FlowDay[] }>('GET', `/api/flow/${segment(flow)}/days?days=${days}`, undefined, SUMS_MS)
    ).days,
  flowTexts: async (publication: number) =>
    (await ask<{ texts: Record<string, string> }>('GET', `/api/flows/versions/${publication}`)).texts,
  checkFlows: async (flows: Record<string, string>) =>
    (await ask<{ problems: Problem[] }>('POST', '/api/flows/check', { flows }, PUBLISH_MS)).problems,
  publishFlows: (flows: Record<string, string>, note: string) =>
    ask<TakenUp>('POST', '/api/flows', { flows, note }, PUBLISH_MS),
  flowDiff: (from: number, to: number | null, language: string) =>
    ask<{ changes: FlowChange[]; text: string }>(
      'GET',
      `/api/flows/diff?from=${from}&language=${segment(language)}${to === null ? '' : `&to=${to}`}`,
    ),
  rollbackFlows: (number: number, note: string) =>
    ask<TakenUp>('POST', '/api/flows/rollback', { number, note }, PUBLISH_MS),
  article: (id: string) => ask<Article>('GET', `/api/knowledge/${segment(id)}`),
}
