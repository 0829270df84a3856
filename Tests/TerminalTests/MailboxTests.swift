import Testing

@testable import Terminal

@Suite("Mailbox") struct MailboxTests {
  @Test func `keyed messages take the place of those that wait`() throws {
    let mailbox = try Mailbox<Int>()
    mailbox.post(1, key: "loss")
    mailbox.post(10)
    mailbox.post(2, key: "loss")
    mailbox.post(5, key: "tokens") { $0 + $1 }
    mailbox.post(6, key: "tokens") { $0 + $1 }
    #expect(mailbox.drain() == [2, 10, 11])
    #expect(mailbox.drain() == [])
    mailbox.post(3, key: "loss")
    #expect(mailbox.drain() == [3])
  }

  @Test func `a full box refuses and says so`() throws {
    let mailbox = try Mailbox<Int>(capacity: 2)
    #expect(mailbox.post(1))
    #expect(mailbox.post(2))
    #expect(!mailbox.post(3))
    mailbox.post(4, key: "state")
    #expect(mailbox.drain() == [1, 2, 4])
    #expect(mailbox.post(5))
  }
}
