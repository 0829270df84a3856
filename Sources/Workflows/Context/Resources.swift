public import Base

/// The folders that come with the program: `themes/` and `sample-data/`.
public enum Resources {
  /// Finds one from the place of the executable: in `share/kaji` beside its `bin`, or in a folder above it, as in
  /// a checkout.
  ///
  /// - Throws: `Failure` saying where it was looked for.
  public static func folder(_ name: String, executable: Path = executablePath) throws -> Path {
    var folder = executable.absolute.parent
    let installed = folder.parent / "share/kaji" / name
    if Files.isDirectory(installed) { return installed }
    while true {
      if Files.isDirectory(folder / name), Files.exists(folder / "Package.swift") {
        return folder / name
      }
      guard folder.parent != folder else { break }
      folder = folder.parent
    }
    throw Failure(
      "the folder \(name)/ is not beside the program: it should be \(installed)",
      remedy: "Install with scripts/install, or run the program from its checkout.")
  }
}
