import Base
import Glibc
import TestSupport
import Testing

@Suite("Processes, signals and time") struct ProcessTests {
  @Test("a program's status and output come back")
  func running() throws {
    let echo = try Subprocess.run(["printf", "%s|", "a b", "$HOME", "日本"])
    #expect(echo.status == 0)
    #expect(String(decoding: echo.output, as: UTF8.self) == "a b|$HOME|日本|")
    #expect(try Subprocess.run(["sh", "-c", "exit 7"]).status == 7)
    #expect(try Subprocess.run(["sh", "-c", "kill -9 $$"]).status == 137)
    let error = #expect(throws: Failure.self) { try Subprocess.run(["no-such-program-of-kaji"]) }
    #expect(error?.problem.contains("no-such-program-of-kaji") == true)
  }

  @Test("a program that never stops talking is cut off")
  func endlessOutput() throws {
    let result = try Subprocess.run(["yes"], limit: 1 << 17)
    #expect(result.output.count >= 1 << 17)
    #expect(result.status != 0)
  }

  @Test("a detached program has a session of its own and writes to its log")
  func detaching() throws {
    try withTemporaryFolder { folder in
      let log = folder / "log"
      try Files.write("before\n", to: log)
      let script = "ps -o sid= -p $$ || cut -d ' ' -f 6 /proc/$$/stat; echo err >&2; echo $$"
      let pid = try Subprocess.detach(["sh", "-c", script], output: log)
      var status: CInt = 0
      _ = unsafe waitpid(pid_t(pid), &status, 0)
      let lines = try Files.readText(log).split(separator: "\n").map { $0.filter { $0 != " " } }
      #expect(lines.first == "before")
      #expect(lines.contains("err"))
      #expect(lines.filter { $0 == "\(pid)" }.count == 2, "\(lines)")
    }
  }

  @Test("a process is told from another that got its number")
  func identity() throws {
    let current = ProcessIdentity.current
    #expect(current.isAlive == true)
    #expect(current.isLocal)
    #expect(current == ProcessIdentity.current)
    func variant(
      host: String? = nil, bootID: String? = nil, pid: Int? = nil, startTime: Int? = nil
    ) -> ProcessIdentity {
      ProcessIdentity(
        host: host ?? current.host, bootID: bootID ?? current.bootID, pid: pid ?? current.pid,
        startTime: startTime ?? current.startTime)
    }
    #expect(variant(startTime: current.startTime + 1).isAlive == false)
    #expect(variant(bootID: "another-boot").isAlive == false)
    #expect(variant(pid: 1 << 30).isAlive == false)
    #expect(variant(host: current.host + "x").isAlive == nil)
    #expect(!variant(bootID: "another-boot").isLocal)
  }

  @Test("a process that has ended counts as dead before anyone has waited for it")
  func zombies() throws {
    let pid = try Subprocess.detach(["sleep", "0.2"], output: "/dev/null")
    let fields = try Files.readText(Path("/proc/\(pid)/stat")).split(separator: " ")
    let start = try #require(Int(fields[21]))
    let current = ProcessIdentity.current
    let child = ProcessIdentity(
      host: current.host, bootID: current.bootID, pid: pid, startTime: start)
    #expect(child.isAlive == true)
    #expect(Self.waitUntil { child.isAlive == false })
    var status: CInt = 0
    _ = unsafe waitpid(pid_t(pid), &status, 0)
  }

  /// Whether `condition` comes true within 30 seconds: a signal to the process takes its time.
  private static func waitUntil(_ condition: () -> Bool) -> Bool {
    let end = monotonicSeconds() + 120
    while !condition(), monotonicSeconds() < end { usleep(1000) }
    return condition()
  }

  @Test("signals raise flags that are taken once")
  func signals() async {
    await #expect(processExitsWith: .exitCode(42)) {
      Signals.install()
      for kind in Signals.Kind.allCases { precondition(!Signals.isPending(kind)) }
      for (kind, number) in [
        (Signals.Kind.terminate, SIGTERM), (.hangUp, SIGHUP), (.save, SIGUSR1),
        (.interrupt, SIGINT),
      ] {
        kill(getpid(), number)
        precondition(Self.waitUntil { Signals.isPending(kind) })
        precondition(Signals.take(kind))
        precondition(!Signals.take(kind))
      }
      Signals.raise(.save)
      precondition(Signals.isPending(.save))
      exit(42)
    }
  }

  @Test("a second interrupt ends the process at once")
  func secondInterrupt() async {
    await #expect(processExitsWith: .exitCode(130)) {
      Signals.install([.interrupt])
      kill(getpid(), SIGINT)
      precondition(Self.waitUntil { Signals.isPending(.interrupt) })
      kill(getpid(), SIGINT)
      precondition(Self.waitUntil { false })
    }
  }

  @Test(
    "moments are written in UTC",
    arguments: [
      (0, "1970-01-01T00:00:00Z"), (951_782_399.9, "2000-02-28T23:59:59Z"),
      (951_782_400, "2000-02-29T00:00:00Z"), (1_764_033_480, "2025-11-25T01:18:00Z"),
      (4_102_444_800, "2100-01-01T00:00:00Z"), (.nan, "1970-01-01T00:00:00Z"),
    ] as [(Double, String)])
  func iso8601(_ seconds: Double, _ text: String) {
    #expect(Timestamp(seconds: seconds).iso8601 == text)
  }

  @Test("clocks go forward")
  func clocks() {
    let (moment, start) = (Timestamp.now(), monotonicSeconds())
    usleep(2000)
    #expect(Timestamp.now() > moment)
    #expect(monotonicSeconds() - start >= 0.002)
  }

  @Test("an unset or empty variable is none")
  func variables() {
    #expect(environment("PATH") != nil)
    #expect(environment("KAJI_NO_SUCH_VARIABLE") == nil)
  }
}
