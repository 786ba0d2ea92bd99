/** The pages. The part after `#` stays in the browser, so any server that serves `/` will do. */

import { createRouter, createWebHashHistory } from 'vue-router'

import DeskPage from './desk/DeskPage.vue'
import { homePage, me, recallSession, supervises } from './session'

declare module 'vue-router' {
  interface RouteMeta {
    open?: boolean
    needs?: 'agent' | 'supervisor'
  }
}

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/login', component: () => import('./login/LoginPage.vue'), meta: { open: true } },
    // Always loaded: the card must not wait for a file when a call comes.
    { path: '/desk', component: DeskPage, meta: { needs: 'agent' } },
    { path: '/floor', component: () => import('./floor/FloorPage.vue'), meta: { needs: 'supervisor' } },
    { path: '/report', component: () => import('./report/ReportPage.vue'), meta: { needs: 'supervisor' } },
    { path: '/flows/:flow?', name: 'flows', component: () => import('./flows/FlowsPage.vue'), meta: { needs: 'supervisor' } },
    { path: '/calls/:callId?', name: 'calls', component: () => import('./calls/CallsPage.vue') },
    { path: '/:other(.*)*', redirect: () => homePage() },
  ],
})

let asked = false

router.beforeEach(async (to) => {
  if (!asked) {
    asked = true
    // An unreachable server shows the login page, which says so at the first try.
    await recallSession().catch((failure: unknown) => console.info('session unknown', failure))
  }
  if (to.meta.open) return me.value ? homePage() : true
  if (!me.value) return { path: '/login', query: to.path === '/' ? {} : { next: to.fullPath } }
  if (to.meta.needs === 'agent' && !me.value.agent_id) return homePage()
  if (to.meta.needs === 'supervisor' && !supervises.value) return homePage()
  return true
})
