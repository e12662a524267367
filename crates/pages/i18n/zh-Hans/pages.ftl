# The frame
node-title = { $city }与友城
skip = 跳到正文
nav-label = 主导航
nav-home = 首页
nav-relations = 友城关系
nav-calls = 征集
nav-programmes = 项目
nav-organisations = 机构
nav-numbers = 数据
nav-plan = 计划
nav-desk = 我的工作
nav-my-work = 我的事项
nav-sign-in = 登录
nav-sign-out = 退出
trail-label = 当前位置
acting-as = 当前身份
acting-myself = { $name }（本人）
acting-choice = { $body } · { $role }
acting-until = 授权至{ $day }
acting-switch = 切换
foot-help = 帮助
foot-rules = 谁能做什么
foot-data = 下载数据
foot-api = 接口
foot-accessibility = 无障碍声明
foot-say = { $office }主办。{ $contact }
demo-line = 本站为演示。事实均附出处；标有“示例”的内容为虚构。
theme-label = 配色
theme-system = 跟随设备
theme-light = 浅色
theme-dark = 深色
title-error = 有误：{ $title }
list-more = 显示更多

# Small parts
illustrative = 示例
seal = 已核
machine-made = 机器翻译
source-language = 原文为{ $lang }
source-n = 出处{ $n }
language-zh = 中文
language-en = 英文
language-de = 德文
language-fr = 法文
language-ja = 日文
language-ko = 韩文
language-th = 泰文
language-ru = 俄文
language-es = 西班牙文
language-it = 意大利文
language-nl = 荷兰文
language-hu = 匈牙利文
language-fa = 波斯文
language-ar = 阿拉伯文
field-education = 教育
field-health = 卫生
field-culture = 文化
field-sport = 体育
field-economy = 经济
field-science = 科技
field-environment = 环境
field-emergency = 应急
role-office-lead = 外办负责人
role-department-officer = 主管部门经办
role-district-officer = 区县经办
role-panel-lead = 评审组长
role-panel-member = 评审专家
role-finance = 财务
role-auditor = 审计
role-delegate = 机构代表
role-partner-officer = 友城方官员
role-individual = 个人
role-public = 所有人

# Forms
form-optional = （可不填）
form-error-prefix = 错误：
form-errors = { $count ->
   *[other] 有{ $count }处需要改
}

# Refusals every room shares
refusal-required = 请填写此项。
refusal-too-long = 最多{ $max }字，现有{ $count }字。
refusal-one-language = 请至少用一种语言填写。
refusal-not-a-number = 请填写整数。
refusal-out-of-range = 须在{ $min }至{ $max }之间。
refusal-not-money = 请填写{ $currency }金额，例如 60,000.00。
refusal-money-negative = 金额不能小于零。
refusal-money-digits = { $currency }小数点后有{ $digits }位。
refusal-money-too-large = 金额过大。
refusal-not-a-date = 请填写日期，例如 2026-11-30。
refusal-not-in-list = 请从列表中选择。
refusal-not-email = 请填写电子邮箱，例如 name@example.org。
refusal-not-web-address = 请填写以 https:// 开头的网址。
refusal-inside-address = 该网址指向内部网络。请填写任何人都能打开的网址。
refusal-file-empty = 文件是空的。
refusal-file-too-large = 文件超过{ $max } MB。
refusal-file-kind = 不接收此类文件。请使用 PDF、Word、Excel、PowerPoint、OpenDocument、PNG、JPEG、GIF、WebP 或纯文本。
refusal-form-unreadable = 表单未完整送达。请返回，您填写的内容应当还在。
refusal-upload-broken = 上传的文件过大或中途断开。请返回，换一个较小的文件再试。
refusal-cross-origin = 此请求来自其他网站，未予执行。
refusal-if-match = 请说明您读到的是哪一版：在 If-Match 中填写上次回答的 ETag。

# Problems
problem-refused = { $count ->
   *[other] 不能这样做，原因有{ $count }条
}
problem-sign-in = 请先登录
problem-sign-in-detail = 阅读无需账号，这一步需要。
problem-denied = 您不能做这件事
problem-no-rule-allows = 没有规则允许您这样做。
problem-rule-says = { $rule }
problem-who-could = 可以做的人：{ $who }。
problem-changed = 其他人刚刚改动过
problem-changed-detail = 没有覆盖任何内容。请返回并重新载入，查看改动。
problem-not-found = 没有找到
problem-not-found-detail = 此处没有内容，或未对您开放。
problem-slow = 尝试次数过多
problem-slow-detail = 请在{ $seconds }秒后再试。
problem-fault = 系统出错
problem-fault-detail = 没有留下半成品。故障已记录，请稍后再试。
problem-fault-id = 故障编号 { $id }
problem-method = 此地址不接受该操作
problem-method-detail = 这里不允许使用该方法。
problem-too-large = 内容过大
problem-too-large-detail = 您发送的内容超过本页上限。
problem-media-type = 格式不符
problem-media-type-detail = 请发送 JSON，并注明 Content-Type: application/json。
problem-unreadable = 无法读取
problem-unreadable-detail = 请求格式不正确。
problem-home = 回到首页
problem-rules = 谁能做什么
refusal-json-type = 此值的类型或格式与接口说明不符。
