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

extension Files {
  /// Lets a link have `target` as its content, whatever it had before; readers see the one or the other.
  ///
  /// - Throws: ``Failure`` where the file system has no such links, for one.
  public static func pointLink(_ link: Path, to target: String) throws {
    let temporary = Temporary.path(for: link)
    if unsafe symlink(target, temporary.string) != 0 { throw systemFailure("make", temporary) }
    do { try rename(temporary, to: link) } catch {
      try? remove(temporary)
      throw error
    }
  }
}
