import Base
import Glibc
import TestSupport
import Testing

@Suite("What a detached program gets") struct InheritanceTests {
  @Test func `no file that this process was handed from outside`() throws {
    try withTemporaryFolder { folder in
      let handed = unsafe open("/dev/null", O_RDONLY)
      defer { close(handed) }
      let script = "test -e /proc/$$/fd/\(handed) && echo open || echo closed"
      let pid = try Subprocess.detach(["sh", "-c", script], output: folder / "log")
      var status: CInt = 0
      _ = unsafe waitpid(pid_t(pid), &status, 0)
      #expect(try Files.readText(folder / "log") == "closed\n")
      // The opposite, so that the test means something.
      let child = try Subprocess.run(["sh", "-c", script])
      #expect(String(decoding: child.output, as: UTF8.self) == "open\n")
    }
  }

  @Test func `no blocked signal, whatever thread starts it`() throws {
    var all = sigset_t()
    var before = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    let child = try Subprocess.run(["grep", "SigBlk", "/proc/self/status"])
    #expect(String(decoding: child.output, as: UTF8.self).hasSuffix("\t0000000000000000\n"))
  }
}
