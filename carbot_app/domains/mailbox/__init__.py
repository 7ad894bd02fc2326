"""The workshop's own mailbox: mails become messages of threads, and answers leave through its server."""
