# The mailbox of the demonstration
demo-mailbox = Mailbox of the demonstration
demo-mailbox-lead = All mails that the system has sent, newest first. In real use they go to the recipients only.
demo-mailbox-empty = No mail yet.
demo-mailbox-back = All mails
demo-mail-to = To
demo-mail-time = Sent
