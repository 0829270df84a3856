public import Base
public import Lab

extension Workspace {
  /// The workspace that `folder` lies in, or `nil` if it lies in none.
  ///
  /// - Throws: `Failure` if there is one that cannot be opened.
  public static func findIfAny(from folder: Path = Path.currentFolder) throws -> Workspace? {
    var candidate = folder.absolute
    while !Files.exists(candidate / "kaji.yaml") {
      guard candidate.parent != candidate else { return nil }
      candidate = candidate.parent
    }
    return try open(candidate)
  }
}
