import Glibc

/// Starts other programs, never through a shell.
public enum Subprocess {
  /// Starts `arguments` in a session of its own, so that it outlives this process and its terminal.
  ///
  /// - Parameter output: the file that takes its standard output and error, at the end.
  /// - Returns: the process number.
  /// - Throws: ``Failure`` if the program or the file cannot be opened.
  @discardableResult
  public static func detach(_ arguments: [String], output: Path) throws -> Int {
    let log = unsafe open(output.string, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard log >= 0 else { throw systemFailure("open", output) }
    defer { close(log) }
    let null = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
    defer { close(null) }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, null, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, log, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, log, 2)
    // What this process was handed from outside, as a lock or the terminal itself, is not passed on: a run
    // that lasts for days would hold it.
    for name in (try? Files.list("/proc/self/fd")) ?? [] {
      guard let inherited = CInt(name), inherited > 2 else { continue }
      let flags = fcntl(inherited, F_GETFD)
      guard flags >= 0, flags & FD_CLOEXEC == 0 else { continue }
      unsafe posix_spawn_file_actions_addclose(&actions, inherited)
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    unsafe posix_spawnattr_setflags(&attributes, newSession)
    let pid = try unsafe spawn(arguments, &actions, &attributes)
    reapAtEnd(pid)
    return pid
  }

  /// Takes note of a child's end as soon as it comes, in a thread of its own.
  ///
  /// Else the child would stay a zombie for as long as this process lives, and whoever waits for any
  /// child of ours, as Swift Testing does, would be shown that one for ever.
  private static func reapAtEnd(_ pid: Int) {
    var thread = pthread_t()
    // The number travels as the pointer's value; nothing lies behind it.
    let code = unsafe pthread_create(
      &thread, nil,
      { argument in
        var status: CInt = 0
        let pid = pid_t(truncatingIfNeeded: Int(bitPattern: argument))
        while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return nil
      }, UnsafeMutableRawPointer(bitPattern: pid))
    // Without the thread there will be a zombie, which does less harm than an error.
    if code == 0 { pthread_detach(thread) }
  }

  /// POSIX_SPAWN_SETSID of <spawn.h>, which hides it behind _GNU_SOURCE.
  private static let newSession: Int16 = 0x80

  /// Runs `arguments` to their end.
  ///
  /// - Parameter limit: the bytes of output after which it is no longer listened to.
  /// - Returns: the exit status, and what it wrote to standard output.
  public static func run(_ arguments: [String], limit: Int = 1 << 26) throws -> (
    status: Int, output: [UInt8]
  ) {
    var ends: [CInt] = [0, 0]
    guard unsafe pipe(&ends) == 0 else {
      throw systemFailure("make a pipe for", Path(arguments[0]))
    }
    // Another program started meanwhile must not hold the pipe open.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    unsafe posix_spawn_file_actions_addclose(&actions, ends[0])
    unsafe posix_spawn_file_actions_addclose(&actions, ends[1])
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    let pid: Int
    do { pid = try unsafe spawn(arguments, &actions, &attributes) } catch {
      close(ends[0])
      close(ends[1])
      throw error
    }
    close(ends[1])
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe read(ends[0], &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      if count <= 0 || output.count > limit { break }
      output += buffer[..<count]
    }
    // Before the wait: a program with more to say ends when nobody listens.
    close(ends[0])
    var status: CInt = 0
    while unsafe waitpid(pid_t(pid), &status, 0) < 0, errno == EINTR {}
    return (status & 0x7F == 0 ? Int(status >> 8 & 0xFF) : 128 + Int(status & 0x7F), output)
  }

  private static func spawn(
    _ arguments: [String], _ actions: inout posix_spawn_file_actions_t,
    _ attributes: inout posix_spawnattr_t
  ) throws -> Int {
    // The program begins with no signal blocked, whatever the calling thread has blocked.
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    var flags: Int16 = 0
    unsafe posix_spawnattr_getflags(&attributes, &flags)
    unsafe posix_spawnattr_setflags(&attributes, flags | Int16(POSIX_SPAWN_SETSIGMASK))
    var pid = pid_t()
    var pointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { unsafe pointers.forEach { unsafe free($0) } }
    let code = unsafe posix_spawnp(&pid, arguments[0], &actions, &attributes, &pointers, environ)
    guard code == 0 else { throw systemFailure("start", Path(arguments[0]), code: code) }
    return Int(pid)
  }
}

/// The path of the running program's file.
public var executablePath: Path {
  var buffer = [UInt8](repeating: 0, count: 4096)
  let count = unsafe buffer.withUnsafeMutableBytes { bytes in
    unsafe readlink("/proc/self/exe", bytes.baseAddress!.assumingMemoryBound(to: CChar.self), 4096)
  }
  return Path(String(decoding: buffer[..<max(0, count)], as: UTF8.self))
}
