# 码牌：制作、发放、扫码、更换、作废。
sign-blank = 空白
sign-issued = 已发放
code-blank = 这块码牌还没有启用
code-blank-do = 它是预先制作的空白码牌，还没有绑定企业。请联系给您码牌的工作人员，或拨打监督电话。
audit-sign-bound = 绑定码牌
audit-sign-moved = 改绑码牌
audit-sign-handed-out = 发放码牌
audit-sign-retired = 码牌停用
audit-sign-activated = 码牌启用（首次扫码）
audit-signs-printed = 印制码牌
audit-signs-blank-made = 制作空白码牌
object-sign_batch = 码牌批次
