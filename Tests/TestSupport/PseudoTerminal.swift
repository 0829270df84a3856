import Glibc
import Synchronization

/// A terminal without a window: programs draw on `follower`, a test reads what they sent.
///
/// A thread drains the other end all the time, so that nobody who draws ever waits for the test.
public final class PseudoTerminal: Sendable {
  /// What the program under test opens as its terminal.
  public let follower: CInt
  private let leader: CInt
  private let received = Mutex<[UInt8]>([])
  private let isOpen = Mutex(true)
  private let isStalled = Mutex(false)

  public init(width: Int, height: Int) {
    leader = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    // TIOCSPTLCK and TIOCGPTN, whose macros Swift does not import: unlock, and ask for the number.
    var lock: CInt = 0
    _ = unsafe ioctl(leader, 0x4004_5431, &lock)
    var number: CUnsignedInt = 0
    _ = unsafe ioctl(leader, 0x8004_5430, &number)
    follower = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    precondition(leader >= 0 && follower >= 0, "no pseudo terminal: errno \(errno)")
    resize(width: width, height: height)
    start()
  }

  /// Changes the size the program will be told; sends no signal.
  public func resize(width: Int, height: Int) {
    var size = winsize(
      ws_row: UInt16(height), ws_col: UInt16(width), ws_xpixel: 0, ws_ypixel: 0)
    _ = unsafe ioctl(leader, UInt(TIOCSWINSZ), &size)
  }

  /// Types `bytes`.
  public func type(_ bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    _ = unsafe write(leader, bytes, bytes.count)
  }

  /// Types `text`.
  public func type(_ text: String) { type(text.utf8) }

  /// Takes what came so far.
  public func take() -> [UInt8] {
    received.withLock { bytes in
      defer { bytes = [] }
      return bytes
    }
  }

  /// Takes everything that was written before this call.
  ///
  /// A bell written behind it tells when all of it has arrived; programs under test send none.
  public func takeAll() -> [UInt8] {
    var bell: UInt8 = 7
    _ = unsafe write(follower, &bell, 1)
    var bytes: [UInt8] = []
    for _ in 0..<10_000 {
      bytes += take()
      if bytes.last == 7 { return bytes.dropLast() }
      usleep(500)
    }
    return bytes
  }

  /// Waits up to `seconds` until `condition` holds for what came since the last take.
  public func wait(seconds: Double = 120, until condition: ([UInt8]) -> Bool) -> Bool {
    for _ in 0..<Int(seconds * 1000) {
      if condition(received.withLock { $0 }) { return true }
      usleep(1000)
    }
    return false
  }

  /// Stops reading, as a terminal over a dead connection does; what fits the kernel's buffer still
  /// goes through.
  public func stall(_ stalled: Bool) { isStalled.withLock { $0 = stalled } }

  /// Hangs up: the program's reads end, its writes fail.
  public func close() {
    isOpen.withLock { open in
      guard open else { return }
      open = false
      Glibc.close(follower)
    }
  }

  private func start() {
    let context = unsafe Unmanaged.passRetained(self)
    var thread = pthread_t()
    let code = unsafe pthread_create(
      &thread, nil,
      { context in
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<PseudoTerminal>.fromOpaque(context).takeRetainedValue().drain()
        return nil
      }, context.toOpaque())
    precondition(code == 0, "no thread for the pseudo terminal")
    pthread_detach(thread)
  }

  private func drain() {
    var bytes = [UInt8](repeating: 0, count: 65536)
    while true {
      while isStalled.withLock({ $0 }) { usleep(1000) }
      let count = unsafe read(leader, &bytes, bytes.count)
      // EIO: no follower is open any more.
      if count <= 0 { break }
      received.withLock { $0.append(contentsOf: bytes[..<count]) }
    }
    Glibc.close(leader)
  }
}
