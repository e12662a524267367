plan-title = 年度计划
plan-status = 状态
plan-reason = 原因
plan-status-planned = 已列入
plan-status-in-progress = 推进中
plan-status-nearly-done = 基本完成
plan-status-done = 已完成
plan-status-carried-over = 结转
plan-status-dropped = 取消

# Refusals
refusal-plan-place = 请写明所属的友城关系或区县。
refusal-plan-due = 须在{ $year }年内或次年初完成。
refusal-plan-step = “{ $from }”之后不能直接进入“{ $to }”。
refusal-plan-ended = 该项目已结束，内容不再更改。
refusal-carried-later = 只能结转到{ $year }年以后。
refusal-policy-code-taken = 已有政策条目使用这个编号。
refusal-policy-not-in-force = 政策条目{ $code }在{ $year }年不适用。
refusal-no-department = 该领域尚无主管部门，请先由外事办负责人指定。
refusal-before-start = 不得早于{ $starts }。
refusal-table-column-missing = 缺少“{ $column }”一列。
refusal-table-column-twice = “{ $column }”一列出现了两次。
refusal-table-column-unknown = 不认识表头“{ $column }”。
refusal-table-no-heading = 从第{ $row }行起有单元格没有表头。
refusal-table-too-many-rows = 最多{ $max }行。
refusal-table-too-many-cells = 最多{ $max }个非空单元格。
refusal-table-too-wide = 第{ $row }行列数过多。
refusal-table-cell-too-long = 第{ $row }行有单元格内容过长。
refusal-table-quote = 第{ $row }行的引号没有成对。
refusal-table-unsafe = 该文件解压有风险或含有宏。请另存为只含数值的副本。
refusal-table-locked = 该工作簿设有密码。请另存为无密码的副本。
refusal-table-kind = 只能读取CSV和XLSX表格。
refusal-table-encoding = 字符无法识别。请另存为CSV UTF-8或XLSX。

# The journal
did-policy-line-added = 录入政策条目
did-policy-line-amended = 修改政策条目
did-plan-item-added = 列入年度计划
did-plan-item-amended = 修改计划项目
did-plan-item-moved = 推进计划项目
