/** The changed files that somebody is about to publish; all other flows stay as they are. */

import { computed, ref } from 'vue'

import { api } from '@/api/client'

/** As the server has them. */
export const MOST_BYTES = 512 * 1024
export const MOST_FILES = 200

const FLOW_FILE = /^([a-z][a-z0-9_]{0,31})\.ya?ml$/

export type Unfit = 'notFlowFile' | 'tooLarge' | 'tooMany'

export function useDrafts(publication: () => number | null) {
  const inForce = ref<Record<string, string>>({})
  const texts = ref<Record<string, string>>({})
  const names = computed(() => Object.keys(texts.value).sort())

  /** What is in force now: another may have published meanwhile, and stays published. */
  async function refresh(): Promise<void> {
    const number = publication()
    inForce.value = number === null ? {} : await api.flowTexts(number)
  }

  async function take(file: File): Promise<Unfit | null> {
    const flow = FLOW_FILE.exec(file.name)?.[1]
    if (!flow) return 'notFlowFile'
    if (file.size > MOST_BYTES) return 'tooLarge'
    if (!(flow in texts.value) && names.value.length >= MOST_FILES) return 'tooMany'
    texts.value = { ...texts.value, [flow]: await file.text() }
    return null
  }

  function open(flow: string): void {
    if (!(flow in texts.value)) texts.value = { ...texts.value, [flow]: inForce.value[flow] ?? '' }
  }

  function drop(flow: string): void {
    texts.value = Object.fromEntries(Object.entries(texts.value).filter(([name]) => name !== flow))
  }

  return {
    texts,
    names,
    inForce,
    refresh,
    take,
    open,
    drop,
    changed: computed(() => names.value.some((name) => texts.value[name] !== inForce.value[name])),
    whole: () => ({ ...inForce.value, ...texts.value }),
  }
}
