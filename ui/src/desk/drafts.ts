/** What the agent has begun to write about a call. Kept over a reload, gone with the tab. */

import { reactive, watch } from 'vue'

export interface Draft {
  disposition: string
  note: string
  saved: boolean
}

const drafts = reactive(new Map<string, Draft>())

const key = (callId: string) => `cc.draft.${callId}`

function stored(callId: string): Draft {
  const empty: Draft = { disposition: '', note: '', saved: false }
  try {
    const text = sessionStorage.getItem(key(callId))
    return text ? { ...empty, ...(JSON.parse(text) as Partial<Draft>) } : empty
  } catch (refused) {
    console.info('no stored draft', refused)
    return empty
  }
}

export function draftOf(callId: string): Draft {
  const known = drafts.get(callId)
  if (known) return known
  drafts.set(callId, stored(callId))
  return drafts.get(callId) as Draft
}

export function forgetDraft(callId: string): void {
  drafts.delete(callId)
}

export function forgetAllDrafts(): void {
  drafts.clear()
}

watch(drafts, (now) => {
  try {
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith('cc.draft.') && !now.has(name.slice('cc.draft.'.length)))
        sessionStorage.removeItem(name)
    }
    for (const [callId, draft] of now) sessionStorage.setItem(key(callId), JSON.stringify(draft))
  } catch (refused) {
    console.info('draft not stored', refused)
  }
})
