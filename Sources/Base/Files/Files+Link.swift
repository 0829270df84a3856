import Glibc

extension Files {
  /// Gives a file that never changes a second name; copies it where the file system has no links.
  public static func linkOrCopy(_ path: Path, to target: Path) throws {
    if unsafe link(path.string, target.string) == 0 { return try syncEntries(of: target.parent) }
    guard errno == EPERM || errno == EXDEV || errno == EMLINK || errno == ENOTSUP else {
      throw systemFailure("link \(path) as", target)
    }
    try copy(path, to: target)
  }
}
