# 演示用的邮箱
demo-mailbox = 演示邮箱
demo-mailbox-lead = 系统发出的全部邮件，新的在前。正式使用时只发给收件人本人。
demo-mailbox-empty = 还没有邮件。
demo-mailbox-back = 全部邮件
demo-mail-to = 收件人
demo-mail-time = 时间
