const zhCN = {
  app: {
    floor: '实时队列', flows: '流程',
    desk: '工作台', report: '报表', calls: '通话记录', logout: '退出登录', language: 'English',
    dark: '切换到深色', light: '切换到浅色', close: '关闭', retry: '重试', loading: '正在加载…',
    skip: '跳到主要内容', nav: '主导航', account: '账号',
    role: { agent: '坐席', supervisor: '班长', administrator: '管理员' },
  },
  error: {
    network: '连不上服务器，请检查网络。', timeout: '服务器没有及时响应，请稍后再试。',
    other: '出错了：{id}', forbidden: '您没有查看此内容的权限。', missing: '找不到该内容，或者它不属于您。',
  },
  login: {
    title: '登录', username: '用户名', password: '密码', submit: '登录', submitting: '正在登录…',
    refused: '用户名或密码不正确。', throttled: '尝试次数过多，请 15 分钟后再试。',
    needUsername: '请输入用户名', needPassword: '请输入密码', showPassword: '显示密码', hidePassword: '隐藏密码',
    ended: '登录已失效，请重新登录。', capsLock: '大写锁定已开启',
    lead: '来电未响，客户已知。', lead2: '弹屏、知识、小结，都在一屏之内。',
  },
  state: {
    logged_out: '未签入', not_ready: '示忙', ready: '就绪', offered: '来电', talking: '通话中', wrap_up: '话后整理',
    unknown: '正在连接', was: '离线 · 此前{state}', offline: '离线',
  },
  phone: {
    title: '话机', idle: '话机正常', ringing: '话机振铃', busy: '话机通话中', unreachable: '话机离线',
    alarm: '话机离线，来电无法送达', alarmHint: '请检查软电话是否已登录、网络是否正常。恢复后会自动继续分配来电。',
  },
  desk: {
    ready: '就绪', notReady: '示忙', chooseReason: '选择示忙原因', afterCall: '本通结束后：{reason}', otherReason: '其他',
    idleReady: '已就绪，等待来电', idleReadyHint: '来电分配给您时，客户资料会先于振铃出现在这里。',
    idleNotReady: '示忙中，不会分配来电', idleNotReadyHint: '准备好后按 F8 或点击“就绪”。',
    idleLoggedOut: '您还没有签入', idleLoggedOutHint: '按 F8 或点击“就绪”开始接听来电。',
    idlePhone: '话机离线，暂时接不到来电', idleOffline: '等待与服务器重新连接', idleOfflineHint: '连接恢复后，这里会显示您的真实状态。',
    connecting: '正在连接服务器…', offline: '与服务器的连接已断开', offlineHint: '正在进行的通话不受影响；状态与弹屏将在重连后恢复。',
    retryIn: '{seconds} 秒后重试', retrying: '正在重连…', retryNow: '立即重连',
    takenOver: '工作台已在另一个页面打开', takenOverHint: '同一坐席只能有一个工作台在线。来电会显示在另一个页面上。', useHere: '在这里使用',
    notSent: '连接已断开，刚才的操作没有发送。', refused: '操作未成功：{text}',
    noticeAsk: '开启桌面提醒，切到其他窗口时也不会错过来电。', noticeYes: '开启提醒', noticeNo: '不用了',
    result: {
      missed: '{who} 的来电超时未接', refused: '已拒接 {who} 的来电', unreachable: '{who} 的来电没能送达您的话机', withdrawn: '{who} 的来电已由他人接起或已挂断',
    },
    popTitle: '来电：{who}', answerHint: '请在话机上接听', rang: '已振铃',
    recent: '我最近的通话', recentNone: '今天还没有通话记录', recentNoneHint: '接听的每一通电话都会出现在这里。',
    noDisposition: '未填小结', unfinished: '还没有填写小结', unfinishedHint: '{who} 的通话', later: '忽略',
  },
  card: {
    unknown: '未知来电', unknownHint: '客户资料中没有这个号码。可以先询问称呼，并在备注中记下。',
    unverified: '号码未验证', unverifiedHint: '来自不受信任的线路，号码可能被冒用，请先核实身份。',
    anonymous: '未显示号码', queue: '队列', waited: '已等待', dnis: '拨打号码', language: '语言', question: '来电诉求', path: '按键路径', pathNone: '直接进入队列',
    vip: 'VIP', note: '客户备注', rebuilt: '页面重新打开过，只恢复了部分来电资料。',
    noCard: '通话进行中，来电资料暂时无法恢复。', languages: { 'zh-CN': '普通话', en: '英语' },
    history: '历史通话', historyCount: '{count} 次', historyNone: '第一次来电', historyNoneHint: '这位来电者之前没有通话记录。',
    copy: '复制号码', copied: '已复制',
  },
  knowledge: {
    title: '知识库', suggested: '为本次来电推荐', search: '搜索知识库', none: '暂无推荐', noneHint: '输入客户的问题试试，例如“怎么退款”。',
    notFound: '没有找到“{q}”', notFoundHint: '换个说法，或者只输入关键词。', results: '搜索结果', failed: '搜索暂时不可用。',
    clear: '清除', open: '打开文章', language: '语言', idleHint: '空闲时可以先查一查，通话中会自动推荐。',
  },
  wrap: {
    more: '延长整理', moreLeft: '剩 {count} 次', done: '整理完成并就绪', untilDone: '整理不限时，完成后请点“整理完成”',
    title: '通话小结', disposition: '通话结果', note: '备注', notePlaceholder: '记下要点，下次来电的同事会看到', save: '保存', saveReady: '保存并就绪', saveBreak: '保存并示忙',
    missing: '请先选择通话结果', missingAgain: '再按一次 F8 可先就绪，稍后补填。', saved: '小结已保存', left: '剩余整理时间', over: '整理时间已到', talked: '通话时长', duringCall: '通话中即可填写，结束后再保存。',
    keys: '按数字键 1–{last} 选择', none: '本系统没有配置通话结果。',
  },
  report: {
    title: '队列报表', today: '今天', week: '近 7 天', period: '统计范围', updated: '更新于 {time}', auto: '每 5 秒刷新',
    queue: '队列', total: '合计', offered: '进线', answered: '接通', abandoned: '放弃', short_abandoned: '短时放弃', released: '转出', waiting: '等待中',
    service_level: '服务水平', asa_s: '平均应答', aht_s: '平均处理', longest_wait_s: '最长等待', service_level_s: '秒内接通', abandon_rate: '放弃率',
    within: '{seconds} 秒内', balanced: '账目平衡', balancedHint: '进线 = 接通 + 放弃 + 转出 + 溢出转队 + 转回呼 + 等待中', unbalanced: '账目不平：进线 ≠ 接通 + 放弃 + 转出 + 溢出转队 + 转回呼 + 等待中，请检查日志。',
    overflowed: '溢出转队', called_back: '转回呼', callbacks: '回呼', callbacksTitle: '回呼', callbacksHint: '回呼 = 接通 + 未接通 + 待回呼；不计入进线', callbacks_answered: '接通', callbacks_given_up: '未接通', callbacks_open: '待回呼',
    surveys: '满意度', survey: '调查', agent: '坐席', answers: '评价数', mean: '平均分', lowest: '最低分', lowestHint: '打 1 分的评价数', meanHint: '评分之和 ÷ 评价数；1 分最差，{of} 分最好', nobody: '未与坐席通话', outOf: '{mean} / {of}', volume: '各队列话务量', levels: '各队列服务水平', none: '这段时间没有来电', noneHint: '有电话进入队列后，这里每 5 秒更新一次。', open: '查看通话', stale: '数据可能已过期：{why}',
    abandonFormula: '放弃数 ÷ 进线数', formula: '计算方法', inQueue: '条',
  },
  calls: {
    title: '通话记录', mine: '我的通话记录', arrived: '来电时间', caller: '主叫', queue: '队列', agent: '坐席', outcome: '结果', waited: '等待', talk: '通话',
    disposition: '小结', recording: '录音', all: '全部', allQueues: '全部队列', allOutcomes: '全部结果', none: '没有符合条件的通话', noneHint: '调整筛选条件，或等待新的来电。',
    search: '号码、客户或坐席', detail: '通话详情', story: '全过程', flow: '流程', called: '被叫', hold: '保持', wrapUp: '整理', pop: '弹屏耗时', note: '备注', callId: '通话编号',
    messages: '留言录音', message: '第 {number} 段', noRecording: '没有录音', speed: '播放速度', last: '共 {count} 通', refresh: '刷新', raw: '详细', customer: '客户', ended: '结束时间', playFailed: '录音无法播放。', ongoing: '进行中',
  },
  flows: {
    title: '流程', steps: '{count} 个步骤', version: '版本', inForce: '正在使用第 {number} 次发布', newest: '第 {number} 次发布更新，但未被接受', notRecorded: '尚未记录',
    folder: '来自文件夹', published: '来自已发布版本', by: '{author}，{when}', noNote: '没有说明', refused: '最新的流程未被接受，来电仍按之前的流程处理。', problem: '{file}:{line}:{column}', since: '{when} 起',
    period: '时段', today: '今天', week: '近 7 天', calls: '来电', containment: '自助完成率', containmentHint: '在流程中结束且没有转到人工：（流程结束 + 客户挂断）÷ 流程已结束的来电。进过队列或被转接的不算。',
    human: '转人工', finished: '流程结束', hungUp: '客户挂断', picture: '流程图', whole: '看全图', readable: '原始大小', versions: '版本记录', pictureHint: '点击步骤查看话术和数据。步骤下沿越红，说明在这里挂断、不按键或按错键的来电越多。',
    step: '步骤', says: '话术', ways: '去向', figures: '数据', visits: '经过次数', left: '在此挂断', noInput: '无按键', invalid: '按键无效', failed: '出错', median: '停留中位数', seconds: '{seconds} 秒', none: '不播放话术。', noWays: '流程在此结束。', uses: '依赖', key: '按 {key}', leadsTo: '→ {step}',
    days: '近 {count} 天', daysHint: '按来电进入流程的日期统计。自助完成率与挂断率只计流程已结束的来电。', day: '日期', dropOff: '流程中挂断', noDays: '这些天没有来电从这里开始；从别的流程转入的来电，计入它开始的流程。',
    publish: '发布改动', publishTitle: '发布流程', publishHint: '选择改动过的流程文件，或打开一个流程直接修改；没有列出的流程保持不变。先检查，再发布；正在进行的通话不受影响。', upload: '选择文件…', openFlow: '打开流程…', drop: '移除 {file}', noDraft: '还没有改动的文件。', publishNote: '改动说明（必填）', check: '检查', checking: '正在检查…', publishDo: '发布', publishing: '正在发布…', sound: '检查通过，可以发布。', problems: '发现 {count} 处问题，没有做任何改动：', notFlowFile: '{file} 不是流程文件：文件名应为小写字母、数字或下划线，扩展名为 .yaml。', tooLarge: '{file} 太大，每个文件最多 512 KB。', tooMany: '一次最多 200 个文件。', isNew: '新流程', unchanged: '与使用中的相同', publishedAs: '第 {number} 次发布已生效。', publishedNotYet: '已保存为第 {number} 次发布，但尚未生效，原因见页面上方。', draftLabel: '{file} 的内容', checkFirst: '改动后请先检查。',
    publication: '编号', when: '时间', author: '发布人', note: '说明', how: '方式', changes: '差异', change: '改了什么', sinceThis: '从第 {number} 次发布到当前', noChange: '没有差异。', text: '逐行对比',
    source: { folder: '文件夹有改动', published: '发布', rollback: '退回到 {number}' }, current: '使用中', rollback: '退回到此版本', rollbackAsk: '所有流程将恢复为第 {number} 次发布时的内容。正在进行的通话仍按开始时的版本走完。', rollbackNote: '原因', rollbackDo: '退回', cancel: '取消', rolledBack: '第 {number} 次发布已生效。', rollbackRefused: '该版本与现在的站点配置不符，没有做任何改动。', onlyAdmin: '只有管理员可以发布或退回。',
  },
  outcome: {
    callback: '转回呼', not_reached: '回呼未接通',
    answered: '已接通', abandoned: '已放弃', self_served: '自助完成', left_in_flow: '流程中挂断', fallback: '应急接管', lost: '异常中断', transferred: '已转接',
  },
  refused: {
    wrap_up_no_more: '本次整理不能再延长。',
    agent_unknown: '您的坐席已不在站点配置中。', reason_unknown: '没有这个示忙原因。', disposition_unknown: '没有这个通话结果。', call_unknown: '这不是您接听过的通话。',
  },
  fact: {
    other: '其他事件', message_left: '留言', survey_answered: '满意度评价', transfer_began: '转接振铃', call_transferred: '转接', outside_asked: '查询外部系统', article_read: '播报知识',
    call_overflowed: '溢出规则触发', call_moved: '转入其他队列', need_relaxed: '放宽服务要求', wait_expected: '预计等待', callback_asked: '登记回呼', callback_attempted: '回呼未成功', callback_connected: '回呼接通', callback_ended: '回呼结束', wrap_up_extended: '延长整理',
    call_arrived: '来电到达', call_adopted: '引擎重启后接管', flow_entered: '进入流程', flow_stepped: '流程步骤', flow_ended: '流程结束',
    call_queued: '进入队列', call_abandoned: '主叫离开队列', offer_made: '分配坐席', pop_delivered: '弹屏已显示', offer_ended: '振铃未接',
    call_answered: '坐席接听', talk_ended: '通话结束', wrap_up_ended: '整理结束', disposition_set: '填写小结', recording_stored: '录音已存储',
    recording_missing: '录音缺失', call_ended: '来电结束', agent_state: '坐席状态变化',
  },
  factSays: {
    version: '版本 {version}', language: '语言 {language}', pressed: '按 {key}', silent: '无按键 {count} 次', wrong: '按错 {count} 次', tookMs: '{ms} 毫秒', cached: '取自缓存', ringsOutside: '外线', ringsInside: '分机', rang: '振铃 {time}', score: '{score} 分（满分 {of} 分）', long: '时长 {time}', helped: '来电者表示已解决', notHelped: '来电者表示未解决', notAsked: '未询问是否解决', article: '文章 {article}', system: '系统 {system}', moved: '{from} → {to}', rule: '规则 {rule}', told: '已向来电者播报', plain: '粗略估计 {plain}', tooFew: '样本不足', chosenAt: '约定 {time}', attempt: '第 {number} 次', attempts: '共 {count} 次', nextAt: '{time} 再试',
  },
  purposeOf: { voicemail: '语音信箱', message: '口述内容', reason: '评价原因' },
  stepType: {
    play: '播放', language: '语言', menu: '菜单', collect: '收号', hours: '时间', branch: '判断', set: '赋值', lookup: '查询', route: '业务路由', knowledge: '知识库', enqueue: '排队', transfer: '转接', ring_group: '振铃组', voicemail: '留言', callback: '回呼', survey: '满意度', conference: '会议', record: '录音', flow: '子流程', return: '返回', goto: '跳转', hangup: '挂机',
  },
  /** How steps end, what outside systems answer, and why a transfer was not allowed. */
  resultOf: {
    kept: '沿用语言', played: '已播放', collected: '已收号', open: '上班时间', closed: '下班时间', holiday: '节假日', found: '已找到', nothing: '未找到', not_found: '查无记录', helped: '已解决', not_helped: '未解决', served: '通话结束', timed_out: '等待超时', no_agents: '无坐席在线', full: '队列已满', voicemail: '留言', callback: '已约回呼', else: '其他情况', default: '默认', failed: '出错', answered: '已接听', no_answer: '无人接听', busy: '占线', unreachable: '无法接通', not_allowed: '不允许外呼', arranged: '已约定', not_arranged: '未约定', declined: '未约定', left: '已结束', recorded: '已录音', set: '已赋值', refused: '被拒绝', down: '系统停用中', no_input: '无按键', invalid: '按键无效', next: '下一步', step: '下一步', hung_up: '主叫挂断', hung_up_by_flow: '流程挂机', finished: '正常结束', late: '未及时答复', unreadable: '答复无法识别', too_much: '内容过多', skipped: '暂停查询', secret_lost: '保密内容已失效',
    too_many: '同时外呼过多', too_many_today: '今日外呼已达上限', number_too_often: '该号码今日外呼已达上限', branch: '转流程分支', key: '按键',
  },
  sourceOf: { customer: '客户资料', last_agent: '上次接听的坐席' },
  overflow: {
    widen: '开放给全部坐席', queue: '转队列', branch: '转流程分支', voicemail: '转留言', callback: '询问是否回呼', announce: '播放提示',
  },
  floor: {
    title: '实时队列', queue: '队列', waiting: '等待', longest: '最长等待', expected: '新来电预计等待', callbacks: '回呼', callbacksHint: '排队中的回呼；+ 为尚未到时的回呼', today: '今日服务水平', todayCounts: '接通 {answered} · 放弃 {abandoned}',
    agents: { ready: '就绪', talking: '通话', wrap_up: '整理', not_ready: '示忙', logged_out: '未签入' },
    trendTitle: '近 15 分钟', trend: '近 15 分钟等待人数，最多 {most}', late: '{count} 通超过 {seconds} 秒', lateTotal: '超时', closed: '已关闭', deserted: '有人等待，无坐席在岗', unreachable: '{count} 位就绪但话机离线',
    notTold: '暂不播报', score: '近 {of} 次命中 {held}', noScore: '样本不足', scoreHint: '实际等待落在预计区间内的次数；低于三分之二时不向来电者播报',
    underMinute: '不到 1 分钟', overMinutes: '{low} 分钟以上', aboutMinutes: '约 {low} 分钟', upToMinutes: '不超过 {high} 分钟', minutes: '{low}–{high} 分钟',
    todayLevel: '今日服务水平', todayAnswered: '今日接通', todayAbandoned: '今日放弃', live: '实时', behind: '数据已落后 {seconds} 秒', wall: '大屏', wallEnd: '退出大屏', wallHint: '全屏显示，适合挂墙的大屏幕',
    line: '等待中的来电', lineHint: '按接听顺序', position: '队内位次', caller: '来电', waited: '已等待', expectedCall: '还需等待', need: '服务要求', now: '状态', callback: '回呼', ringing: '正在振铃', inLine: '排队中',
    nobody: '没有来电在等待', nobodyHint: '有来电排队时会立即出现在这里。', more: '另有 {count} 通未显示', anyone: '任意坐席', onlyAgent: '仅 {agent}', levelTo: '级别 ≤ {level}', until: '至 {time}',
  },
  why: {
    title: '为什么由这位坐席接听', ask: '查看派单依据', asking: '正在重演当时的情形…', askingHint: '通常需要几秒', never: '这通来电没有振铃过任何坐席，原因如下。', waits: '无人可振铃的时刻', nobody: '当时没有任何坐席可以振铃。', differs: '当前程序版本与当时不同，以下说明可能与实际有出入。',
    offer: '第 {number} 次派单：{agents}', open: '结果未知', rank: '名次', level: '级别', skills: '技能', answered: '已接', lastTalk: '上次通话结束',
    standing: '{standing} = 优先秒数 {head} + {ageing} × 已等待 {waited}', rivals: '{agent} 空闲时，同时在等的来电', moreRivals: '另有 {count} 通', waitedFor: '已等 {seconds} 秒',
    terms: { queue: '队列', strategy: '振铃策略', need: '服务要求', position: '队内位次', standing: '排序值', weight: '队列权重', rules: '规则版本' },
    when: { entered: '进入队列时', changed: '情况变化时', left: '离开队列前', last_seen: '最后所知' },
    of: { logged_out: '未签入', not_ready: '示忙', busy: '正忙', phone: '话机不可用', paused: '暂停派单', not_preferred: '等待专属坐席', lacks_skill: '技能不足', level_not_open: '级别未开放', tried: '振铃未果' },
    strategy: { ring_all: '全部振铃', round_robin: '轮流', round_robin_memory: '记忆轮流', least_recent: '最久未接', fewest_calls: '接听最少', random: '随机', linear: '固定顺序', weighted_random: '加权随机', most_skilled: '技能最高' },
    fault: { why_unknown: '那段时间的派单日志已不再保留，或这通来电没有排过队。', server_busy: '其他人正在查询，请稍后再试。', why_failed: '当时的日志无法重演，请查看服务器日志。', timeout: '重演用时过长，请稍后再试。' },
  },
  /** Reasons the engine itself gives for not ready. */
  ownReason: {
    signed_in: '刚登录', page_lost: '页面曾断开', missed_offers: '多次未接',
  },
  reasonOf: {
    closed: '队列已关闭', overflow: '溢出规则', no_answer: '无人接听', busy: '占线', no_agent: '坐席未接', connected: '已接通', gave_up: '多次未接通，已放弃', expired: '已过期', cancelled: '已取消',
    hung_up: '主叫挂断', exit_key: '按键退出', timed_out: '等待超时', no_agents: '无坐席在线', queue_full: '队列已满', engine_lost: '引擎中断',
    missed: '超时未接', refused: '拒接', unreachable: '话机不可达', withdrawn: '已撤回', caller: '主叫挂断', agent: '坐席挂断', system: '系统挂断', unknown: '未知', finished: '正常结束', failed: '出错',
  },
}

export type Sentences = typeof zhCN
export default zhCN
