/** Chinese first, English by a switch that is remembered. */

import { createI18n } from 'vue-i18n'

import type { Language } from '@/api/model'
import { recall, remember } from '@/appearance'

import en from './en'
import zhCN, { type Sentences } from './zh-CN'

export const i18n = createI18n<[Sentences], Language, false>({
  legacy: false,
  locale: recall('cc.language') === 'en' ? 'en' : 'zh-CN',
  fallbackLocale: 'zh-CN',
  messages: { 'zh-CN': zhCN, en },
})

export function setLanguage(language: Language): void {
  i18n.global.locale.value = language
  document.documentElement.lang = language
  remember('cc.language', language)
}
