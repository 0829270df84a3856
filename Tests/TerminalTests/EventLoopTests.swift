import Base
import Dispatch
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Terminal

extension NcursesTests {
  @Suite("Event loop") struct EventLoopTests {
    /// A program that shows what it was told.
    struct Log: Sendable {
      var lines: [String] = []
      var size = Size(width: 0, height: 0)
    }
    enum Effect { case quit, redraw }

    /// The loop on a thread of its own, with a pseudo terminal for the test to use.
    final class Session: Sendable {
      let pty: PseudoTerminal
      let mailbox: Mailbox<String>
      private let done = DispatchSemaphore(value: 0)
      private let drawn = Mutex(0)
      private let tail = Mutex<[UInt8]>([])
      private let result = Mutex<(state: Log, ending: Ending)?>(nil)

      init(type: String = "xterm-256color", width: Int = 80, height: Int = 24) throws {
        pty = PseudoTerminal(width: width, height: height)
        mailbox = try Mailbox<String>()
        DispatchQueue.global().async { [self] in
          defer { done.signal() }
          guard
            let screen = try? Screen(input: pty.follower, output: pty.follower, terminal: type),
            let end = try? EventLoop.run(
              Log(), on: screen, mailbox: mailbox, theme: { _ in count() }, update: Self.update,
              view: Self.view, perform: Self.perform)
          else { return }
          screen.stop()
          result.withLock { $0 = end }
        }
        #expect(wait(for: "ready"))
      }

      /// What came after the last take, once the loop has ended.
      var lastBytes: [UInt8] { tail.withLock { $0 } }

      /// Frames drawn so far.
      var frames: Int { drawn.withLock { $0 } }

      private func count() -> Theme {
        drawn.withLock { $0 += 1 }
        return .plain
      }

      static func update(_ log: inout Log, _ event: Event<String>) -> [Effect] {
        switch event {
        case .key(.control("l")): return [.redraw]
        case .key(.character("q")): return [.quit]
        case .key(let key): log.lines.append("key \(key)")
        case .paste(let text): log.lines.append("paste \(text.replacing("\n", with: "/"))")
        case .message(let text): log.lines.append("message \(text)")
        case .resized(let size): log.size = size
        case .interrupted: log.lines.append("interrupted")
        case .closing(let ending): log.lines.append("closing \(ending)")
        }
        return []
      }

      static func view(_ log: Log, _ surface: inout Surface) {
        surface.put("ready \(log.size.width)x\(log.size.height)", at: Point(x: 0, y: 0))
        let room = surface.size.height - 1
        for (y, line) in log.lines.suffix(room).enumerated() {
          surface.put(line, at: Point(x: 0, y: y + 1))
        }
      }

      static func perform(_ effect: Effect) -> Order {
        switch effect {
        case .quit: .quit
        case .redraw: .redraw
        }
      }

      func wait(for text: String) -> Bool {
        pty.wait { bytes in bytes.contains(Array(text.utf8)) }
      }

      /// The last state, once the loop has ended.
      func end() -> (state: Log, ending: Ending)? {
        guard done.wait(timeout: .now() + 120) == .success else { return nil }
        let bytes = pty.takeAll()
        tail.withLock { $0 = bytes }
        pty.close()
        return result.withLock { $0 }
      }

      func quit() -> Log? {
        pty.type("q")
        return end()?.state
      }
    }

    @Test func `keys, pastes and messages reach the state in order`() throws {
      let session = try Session()
      session.pty.type("あa\u{1B}[A\u{1B}OB\t\u{1B}[Z\r\u{1B}x\u{3}\u{1B}[15~")
      #expect(session.wait(for: "key F5"))
      session.pty.type("\u{1B}")
      #expect(session.wait(for: "key Esc"))
      session.pty.type("\u{1B}[200~一行\r二行q\u{1B}[201~")
      #expect(session.wait(for: "paste"))
      session.mailbox.post("tokens 1", key: "tokens")
      #expect(session.wait(for: "message"))
      let log = session.quit()
      #expect(
        log?.lines == [
          "key あ", "key a", "key Up", "key Down", "key Tab", "key Shift+Tab", "key Enter",
          "key Alt+x", "key Ctrl+C", "key F5", "key Esc", "paste 一行/二行q", "message tokens 1",
        ])
    }

    @Test func `idle seconds send no byte`() throws {
      let session = try Session(type: "tmux-256color")
      session.pty.type("x")
      #expect(session.wait(for: "key x"))
      _ = session.pty.takeAll()
      // A message that changes nothing on the screen sends nothing either.
      session.pty.type("\u{C}")
      usleep(100_000)
      #expect(!session.pty.takeAll().isEmpty, "Ctrl+L draws again")
      usleep(1_500_000)
      #expect(session.pty.take() == [])
      #expect(session.quit() != nil)
    }

    @Test func `a flood of messages makes at most twenty frames a second`() throws {
      let session = try Session()
      let before = session.frames
      let start = monotonicSeconds()
      var posted = 0
      while monotonicSeconds() - start < 0.5 {
        session.mailbox.post("\(posted)", key: "count")
        posted += 1
        usleep(200)
      }
      // Only what changes is sent: a text of other characters is sent whole.
      session.mailbox.post("END", key: "count")
      #expect(session.wait(for: "END"))
      #expect((2...14).contains(session.frames - before))
      #expect(session.quit()?.lines.last == "message END")
    }

    @Test func `a stalled terminal holds up nobody who posts`() throws {
      let session = try Session(width: 300, height: 100)
      session.pty.stall(true)
      session.pty.type(String(repeating: "あいうえおかきくけこ", count: 30))
      for index in 0..<50 { session.mailbox.post(String(repeating: "\(index)漢", count: 90)) }
      usleep(200_000)
      let start = monotonicSeconds()
      for _ in 0..<1000 { session.mailbox.post("END", key: "late") }
      #expect(monotonicSeconds() - start < 0.2)
      session.pty.stall(false)
      #expect(session.wait(for: "END"))
      #expect(session.quit()?.lines.last == "message END")
    }

    @Test func `a new size is drawn once it has settled`() throws {
      let session = try Session()
      session.pty.resize(width: 100, height: 30)
      kill(getpid(), SIGWINCH)
      #expect(session.wait(for: "100x30"))
      for width in 40..<60 {
        session.pty.resize(width: width, height: 10)
        kill(getpid(), SIGWINCH)
      }
      #expect(session.wait(for: "59x10"))
      #expect(session.quit()?.size == Size(width: 59, height: 10))
    }

    @Test func `SIGTERM and SIGHUP let the state close`() throws {
      for (signal, ending) in [(SIGTERM, Ending.terminated), (SIGHUP, .hangUp)] {
        let session = try Session()
        SignalPipe.deliver(signal)
        let end = session.end()
        #expect(end?.ending == ending)
        #expect(end?.state.lines == ["closing \(ending)"])
      }
    }

    /// The shell sends its own SIGHUP after the kernel's; what is being saved has to be saved by then.
    @Test func `a second SIGHUP does not end a process that is saving`() throws {
      let session = try Session()
      SignalPipe.deliver(SIGHUP)
      #expect(session.end()?.ending == .hangUp)
      var action = sigaction()
      unsafe sigaction(SIGHUP, nil, &action)
      let handler = unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      #expect(handler == 1, "SIG_IGN")
      signal(SIGHUP, SIG_DFL)
    }

    @Test func `SIGINT from outside is an event`() throws {
      let session = try Session()
      SignalPipe.deliver(SIGINT)
      #expect(session.wait(for: "interrupted"))
      #expect(session.quit()?.lines == ["interrupted"])
    }

    @Test func `the terminal is given back as it was`() throws {
      let session = try Session()
      #expect(session.quit() != nil)
      var emulator = VirtualTerminal(width: 80, height: 24, erasesWithColour: true)
      emulator.feed(session.lastBytes)
      // Apart, so that a failure does not print the whole grid.
      let (isAlternate, isPasting) = (emulator.isAlternate, emulator.isBracketedPaste)
      let isCursorVisible = emulator.isCursorVisible
      #expect(!isAlternate)
      #expect(!isPasting)
      #expect(isCursorVisible)
    }
  }
}
