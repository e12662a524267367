# The queue
desk-title = 我的待办
tally-today = 今日到期
tally-late = 已逾期
tally-mine = 待我办理
tally-others = 待他人办理
tally-letters = 封邮件待审
tally-jobs = 项后台任务已放弃
clock-one = { $day }，{ $city } { $home }。
clock-two = { $day }，{ $city } { $home }，{ $partner } { $there }。
mine-title = 待我办理
mine-order = 最近到期的在前。
mine-caption = 待我办理的事项，按期限排列
mine-none = 目前没有待您办理的事项。
mine-none-narrowed = 此类事项中没有待您办理的。
show-all = 显示全部
others-title = 待他人办理
others-say = 您在等待、无法独自办完的事项。
others-caption = 待他人办理的事项
others-none = 您没有在等待任何人。
filter-field = 领域
filter-all = 全部
filter-show = 显示
export-csv = 导出表格（CSV）
export-xlsx = 导出表格（XLSX）
column-left = 剩余
column-what = 事项
column-about = 所属
column-field = 领域
column-state = 状态
column-who = 在谁手中
column-since = 已等
column-due = 期限
column-address = 网址
column-made-up = 示例
column-programme = 项目
left-over = 已过
left-late = { $count ->
   *[other] 天（逾期）
}
left-today = 今天
left-days = { $count ->
   *[other] 天
}
left-open = 无期限
since-today = 今天起
since-days = { $count ->
   *[other] { $count }天
}
state-now = 请即办理
state-yours = 待我办理
state-theirs = 待他人办理
who-others = 他人
who-you = 您
next-others-due = 接下来等待他人：{ $what }，{ $when }前
next-others = 接下来等待他人：{ $what }
next-gaps = 查漏补缺
next-plan = 前往年度计划
next-relations = 前往友城关系
next-calls = 查看正在进行的征集
work-of-ours = 本机构的应征和承办
next-programmes = 查看项目
duty-letters = 审阅并放行邮件
duty-dead-letters = 有邮件未能发出
duty-letters-about = { $count ->
   *[other] { $count }封邮件
}
duty-dead-jobs = 有后台任务已放弃
duty-jobs-about = { $count ->
   *[other] { $count }项任务
}
relations-title = 贵方的友城关系
relations-say = 双方看到的内容相同。
relations-none = 这里还没有登记与贵市的关系。
relation-no-programmes = 该关系下还没有项目。
relation-programmes = 该关系下的项目
relation-more = 该关系的全部项目
side-yours = { $count ->
    [0] 没有待您办理的事项。
   *[other] { $count }项待您办理。
}
side-theirs = { $count ->
    [0] 没有待他人办理的事项。
   *[other] { $count }项待他人办理。
}

# One's own work
work-title = 我的待办
work-lead-body = { $name }可以应征、已经应征和需要交付的事项。
work-lead-person = 您以个人名义可以应征、已经应征和需要交付的事项。
due-title = 待我办理
due-none = 目前没有待您办理的事项。
offers-ours = 我们的应征
offers-mine = 我的应征
offers-none = 尚无应征。正在进行的征集列在下方。
offer-status-draft = 草稿
offer-status-submitted = 已提交
offer-status-withdrawn = 已撤回
offer-status-awarded = 中选
offer-status-declined = 未中选
step-offer-agreed = 已中选，条款已签订：请继续承办。
step-offer-awarded = 已中选：接下来由指导单位拟定条款。
step-offer-declined = 未中选，理由见征集页面。
step-offer-cancelled = 征集已取消，理由见征集页面。
step-offer-draft-open = 尚未提交：请在{ $when }前提交。
step-offer-draft-closed = 未曾提交；征集已于{ $when }截止。
step-offer-sealed = 密封至{ $when }。在此之前可以修改或撤回。
step-offer-closed = 密封中。征集已截止，接下来开启。
step-offer-read = 已开启，评审正在审阅。
step-offer-undecided = 征集已决定，请查看征集页面。
step-offer-withdrawn-open = 已撤回。{ $when }前可以重新提交。
step-offer-withdrawn = 已撤回。
calls-ours = 我们可以应征的征集
calls-mine = 我可以应征的征集
calls-order = 相符的在前，其次是最先截止的。
calls-all = 全部征集
calls-none = 目前没有可以应征的征集。
call-closes = { $when }截止
why-field = 属于您从事的领域：{ $field }
why-district = 在您所在的区县
why-open = 对您开放；请查看应征条件
works-title = 承办事项
works-none = 尚无承办事项。中选后列在这里。
work-until = 至{ $day }
work-ended = { $when }结束
work-left = 预算余额{ $sum }
record-title = 守约记录
record-say = 如实计数，人人可查。守约：在期限内办结；迟延：期限过后办结；违约：放弃。
record-nothing = 尚无承诺。
record-open = 已有承诺，均未到期。
record-kept = 到期的承诺全部守约。
record-late = 承诺均已兑现，部分迟延。
record-broken = 有承诺违约。
record-page = 单位页面
count-kept = 守约
count-late = 迟延
count-broken = 违约
count-open = 未到期

# Letters
letters-title = 邮件
letters-lead = 邮件在此等候，有人审阅后方可发出。
letters-by-status = 按状态查看邮件
letter-status-held = 待审阅
letter-status-ready = 已放行，未发出
letter-status-sent = 已发出
letter-status-withheld = 已扣下
letter-status-dead = 未能发出
letter-kind-account = 关于账户
letter-kind-decisions = 关于征集的决定
letter-kind-digest = 摘要
letter-kind-deadlines = 期限提醒
letters-release = 放行所选邮件
letters-withhold = 扣下所选邮件
letters-retry = 重发所选邮件
letters-none-held = 没有待审阅的邮件。新的邮件会出现在这里和您的待办中。
letters-none-dead = 没有未能发出的邮件。
letters-none = 这里没有邮件。
letter-made = { $when }写成
letter-sent = { $when }发出
letter-to = 收件人
letter-kind = 类别
letter-text = 全文
letter-personal = 这封邮件的内容只给收件人本人看。
letter-error = { $count ->
   *[other] 已尝试{ $count }次。最近一次的错误：
}
done-letters-released = 已放行，即将发出。
done-letters-withheld = 已扣下，不会发出。
done-letters-retried = 即将重发。
done-letters-some = 已办理；其中有些已由他人先行处理。
refusal-no-letter = 请至少选择一封邮件。
refusal-letter-unknown = 其中有一项不是这里的邮件。请重新加载页面。

# Jobs
jobs-title = 已放弃的后台任务
jobs-lead = 反复失败的后台任务。请先消除原因，再要求重试。
jobs-waiting = { $count ->
    [0] 后台没有等候的任务。
   *[other] 后台有{ $count }项任务在等候。
}
jobs-none = 没有已放弃的任务，无须处理。
jobs-retry = 重试所选任务
job-error = { $count ->
   *[other] 已尝试{ $count }次。最近一次的错误：
}
job-payload = 原本要做什么
done-jobs-retried = 即将重试。
refusal-no-job = 请至少选择一项任务。
refusal-job-unknown = 其中有一项不是这里的任务。请重新加载页面。

# Histories
history-title = 变更记录
history-link = 变更记录
history-of = { $kind }：{ $title }
history-back = 返回
history-zone = 时间以{ $city }为准。
history-full = 最新的在前，含理由和改动内容。
history-open = 最新的在前：做了什么、何时、由哪个单位。此处不显示个人。
history-none = 尚无记录。
history-reason = 理由
history-erased = 这条记录的细节已按个人信息规则删除；记录本身保留并可证明。
history-changes = { $count ->
   *[other] 改动内容：{ $count }处
}
entry-number = 第{ $n }条
column-part = 改动项
column-before = 改前
column-after = 改后
part-whole = 全部
yes = 是
no = 否
nothing = 无
who-house = 本平台
who-erased = 账户已注销的人
who-organisation = 某单位
who-person = 个人
acting-for = { $body }，{ $role }
via-command = 命令行
via-import = 导入
via-job = 本平台
via-seed = 平台基础数据
kind-account = 账户
kind-agreement = 协议
kind-allocation = 分配方案
kind-attachment = 附件
kind-award = 中选
kind-body = 单位
kind-call = 征集
kind-deliverable = 成果
kind-evaluation = 评价
kind-fact = 事实
kind-government = 地方政府
kind-import = 导入
kind-instalment = 分期款
kind-job = 后台任务
kind-letter = 邮件
kind-link = 机构结对
kind-mandate = 授权
kind-milestone = 节点
kind-need = 需求
kind-offer = 应征
kind-plan-item = 项目
kind-policy-line = 政策条目
kind-relation = 友城关系
kind-session = 登录
kind-token = 接口密钥
kind-undertaking = 承办事项
did-letter-released = 放行邮件
did-letter-withheld = 扣下邮件
did-letter-retried = 重发邮件
did-job-retried = 重试任务

# Parts of things, as histories name them
part-about = 简介
part-account = 个人
part-aim = 目标
part-amount = 金额
part-approved = 批准
part-at = 时间
part-body = 单位
part-brief = 说明
part-budget = 预算
part-capabilities = 能力
part-carried_to = 结转至
part-ceiling = 上限
part-closes_at = 截止
part-country = 国家
part-criteria = 评审标准
part-currency = 币种
part-district = 区县
part-due = 期限
part-ends = 结束
part-field = 领域
part-fields = 领域
part-guiding = 指导单位
part-illustrative = 示例
part-kind = 类别
part-languages = 语言
part-letter = 授权文件
part-mode = 承办方式
part-name = 名称
part-note = 备注
part-objects = 数量
part-opens_at = 开始
part-partner = 友城
part-plan_item = 项目
part-policy = 政策条目
part-purpose = 事由
part-reason = 理由
part-relation = 友城关系
part-role = 身份
part-seal = 封印
part-signed = 签署
part-source = 出处
part-starts = 开始
part-status = 状态
part-summary = 摘要
part-supports = 配合的政府工作
part-text = 正文
part-title = 标题
part-until = 至
part-verified_until = 核实有效期至
part-website = 网站
part-who = 应征条件
part-work_from = 工作自
part-work_until = 工作至
part-year = 年度

# The journal and its proofs
journal-title = 日志
journal-lead = 每一次状态改动，最新的在前。谁也无法悄悄抽走或插入一条：每条记录都是同一棵树上的一片叶。
journal-size = 日志条数
journal-root = 树根
journal-action = 做了什么
journal-kind = 类别
journal-object = 对象编号
journal-account = 个人编号
journal-caption = 日志记录，最新的在前
journal-none = 没有符合的记录。
journal-older = 更早的记录
journal-sealed = 可能在密封中，列表不显示
column-entry = 记录
column-when = 何时
column-done = 做了什么
column-object = 对象
column-by = 何人
proof-title = 第{ $n }条记录的证明
proof-unsaid = 这条记录的内容并非人人可看；但它确实存在、未经改动，可以证明。
proof-json = JSON 格式
proof-heading = 证明
proof-say = 依 RFC 9162 对目前全部日志所作的包含证明。
proof-seq = 记录编号
proof-leaf = 叶
proof-path = 通往树根沿途的相邻哈希，自下而上
proof-path-none = 日志只有一条记录：它的叶就是树根。
proof-line = 记录原文，逐字节
check-heading = 如何自行核对
check-say = 任何 SHA-256 工具都可以，无须使用本平台的程序。
check-1 = 如果您可以看到记录原文：取一个值为0的字节，接上原文各字节，其 SHA-256 就是叶。
check-2 = 以叶作为您的哈希，以记录编号为 n，以日志条数减一为 m。
check-3 = 对路径上的每个哈希：若 n 为奇数或 n 等于 m，新的哈希是“值为1的字节、路径上的哈希、您的哈希”的 SHA-256；然后只要 n 为偶数且不为0，就把 n 和 m 减半。否则，新的哈希是“值为1的字节、您的哈希、路径上的哈希”的 SHA-256。之后把 n 和 m 减半，舍去余数。
check-4 = 最后 m 为0，您的哈希等于树根。若不相等，证明不成立：请告知审计人员。
check-5 = 请保存树根和日志条数。日后有人出示更长的日志，必须证明它以此为开头；“youcheng verify”会重新计算全部日志。

# Digest letters
letter-subject-day = { $count ->
   *[other] 近日有{ $count }项到期
}
letter-subject-week = { $count ->
   *[other] 本周有{ $count }项待您办理
}
letter-subject-calls = { $count ->
   *[other] 您的领域有{ $count }项新征集
}
letter-mine = 以下事项待您办理，最近到期的在前：
letter-line = { $what }：{ $about }
letter-due = 期限：{ $when }
letter-late = 原定期限：{ $when }
letter-closes = 截止：{ $when }
letter-two-clocks = 您当地{ $own }（本市{ $home }）
letter-more = 另有{ $count }项，见您的待办。
letter-others = { $count ->
   *[other] 您另有{ $count }项在等待他人。
}
letter-calls = 您的领域有新的征集：
letter-choose = 您可以选择接收哪些邮件：{ $link }
