import './styles/element'
import './styles/tokens.css'
import './styles/base.css'

import { createApp } from 'vue'

import App from './App.vue'
import { i18n } from './i18n'
import { router } from './router'

// `/report` is as good an address as `/#/report`.
const path = location.pathname
if (path !== '/' && !location.hash) history.replaceState(null, '', `/#${path}`)

createApp(App).use(i18n).use(router).mount('#app')
