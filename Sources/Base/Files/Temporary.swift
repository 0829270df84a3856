import Glibc

/// Names of files that are renamed once they are whole.
public enum Temporary {
  /// A name beside `path` that nobody else uses: `.NAME.HOST.PID.RANDOM.tmp`.
  ///
  /// Hosts that share a folder have equal process numbers, and a process number comes back after a crash; so the
  /// name holds the host and 64 random bits. Whoever makes the file does it with `O_EXCL` all the same. What may
  /// make the name longer than the system takes is cut.
  public static func path(for path: Path) -> Path {
    var random = SystemRandomNumberGenerator()
    let own =
      ".\(cut(ProcessIdentity.hostName, 40)).\(getpid())."
      + String(random.next() as UInt64, radix: 36) + ".tmp"
    return path.parent / ("." + cut(path.name, 254 - own.utf8.count) + own)
  }

  /// The beginning of a text, at most `limit` bytes of it, in whole characters.
  private static func cut(_ text: String, _ limit: Int) -> String {
    guard text.utf8.count > limit else { return text }
    var kept = String.UnicodeScalarView()
    var bytes = 0
    for scalar in text.unicodeScalars {
      bytes += UTF8.width(scalar)
      guard bytes <= limit else { break }
      kept.append(scalar)
    }
    return String(kept)
  }
}
