public import Base

/// The folder of the repository that this file was compiled from.
public var repositoryRoot: Path { Path(#filePath).parent.parent.parent }

/// A file of the development data that the project does not ship, or `nil`, said aloud.
///
/// It is looked for in `KAJI_SHARED_DATA`, then in `shared/data` of the repository and of each folder
/// above it. A test that gets `nil` returns: the check is skipped.
///
/// - Parameter name: the path within the data, as `tokenizers/some.model`.
public func sharedData(_ name: String) -> Path? {
  var candidates = environment("KAJI_SHARED_DATA").map { [Path($0)] } ?? []
  var folder = repositoryRoot
  while true {
    candidates.append(folder / "shared" / "data")
    if folder.string == "/" { break }
    folder = folder.parent
  }
  if let found = candidates.map({ $0 / name }).first(where: Files.exists) { return found }
  print("skipped: no shared data \"\(name)\" here (KAJI_SHARED_DATA names its folder)")
  return nil
}

/// Whether the long checks are wanted (`scripts/test --long`).
public var wantsLongChecks: Bool { environment("KAJI_LONG") == "1" }
