/** Who is logged in. */

import { computed, ref } from 'vue'

import { api, ApiError } from './api/client'
import type { Me } from './api/model'

export const me = ref<Me | null>(null)
export const supervises = computed(
  () => me.value?.role === 'supervisor' || me.value?.role === 'administrator',
)

export function homePage(): string {
  return me.value?.agent_id ? '/desk' : '/report'
}

/** Asks the server whether the cookie still stands. Throws when the server cannot be asked. */
export async function recallSession(): Promise<void> {
  try {
    me.value = await api.me()
  } catch (failure) {
    if (failure instanceof ApiError && failure.status === 401) me.value = null
    else throw failure
  }
}

/** After a lost connection: whether it is worth trying again. */
export async function sessionStands(): Promise<boolean> {
  try {
    await recallSession()
    return me.value !== null
  } catch (failure) {
    // The server cannot be asked: it may come back, and this session with it.
    return failure instanceof ApiError
  }
}

export async function login(username: string, password: string): Promise<void> {
  me.value = await api.login(username, password)
}

export async function logout(): Promise<void> {
  try {
    await api.logout()
  } finally {
    me.value = null
  }
}
