import Glibc

/// Seconds that a processor has spent on the calling thread: a clock that other work on the machine
/// does not move.
public func threadSeconds() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
