import Glibc

/// A moment of the calendar.
public struct Timestamp: Sendable, Comparable, Hashable {
  /// Seconds since 1970, UTC.
  public let seconds: Double

  public init(seconds: Double) { self.seconds = seconds }

  public static func now() -> Timestamp {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(seconds: Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9)
  }

  public static func < (a: Timestamp, b: Timestamp) -> Bool { a.seconds < b.seconds }

  /// The moment in UTC to the second: `2026-11-25T01:18:00Z`.
  public var iso8601: String {
    var time = time_t(clamping: Int(exactly: seconds.rounded(.down)) ?? 0)
    var parts = unsafe tm()
    unsafe gmtime_r(&time, &parts)
    return unsafe "\(Format.pad(Int(parts.tm_year) + 1900, 4))-\(Format.pad(Int(parts.tm_mon) + 1))"
      + "-\(Format.pad(Int(parts.tm_mday)))T\(Format.pad(Int(parts.tm_hour)))"
      + ":\(Format.pad(Int(parts.tm_min))):\(Format.pad(Int(parts.tm_sec)))Z"
  }

  /// The moment in local time for people: `11-25 01:18`.
  public var short: String {
    var time = time_t(clamping: Int(exactly: seconds.rounded(.down)) ?? 0)
    var parts = unsafe tm()
    unsafe localtime_r(&time, &parts)
    return unsafe "\(Format.pad(Int(parts.tm_mon) + 1))-\(Format.pad(Int(parts.tm_mday))) "
      + "\(Format.pad(Int(parts.tm_hour))):\(Format.pad(Int(parts.tm_min)))"
  }
}

/// Seconds on a clock that only goes forward; for measuring, not for dates.
public func monotonicSeconds() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// Lets this thread sleep.
public func sleep(seconds: Double) {
  var time = timespec(
    tv_sec: Int(seconds), tv_nsec: Int(seconds.truncatingRemainder(dividingBy: 1) * 1e9))
  unsafe nanosleep(&time, nil)
}
