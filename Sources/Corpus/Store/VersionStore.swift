public import Base

/// Named things in numbered versions that never change: `FOLDER/NAME/v0003/`.
///
/// A version appears whole: it is written under a name that begins with a dot and then renamed. The
/// file `latest` beside the versions names the one made last.
public struct VersionStore: Sendable {
  public let folder: Path
  /// What the things are called, as "corpus".
  public let kind: String

  /// The store in a folder that need not exist yet.
  public init(_ folder: Path, kind: String) {
    self.folder = folder
    self.kind = kind
  }

  /// The corpora of a workspace.
  public static func corpora(of workspace: Path) -> VersionStore {
    VersionStore(workspace / "corpora", kind: "corpus")
  }

  /// The tokenizers of a workspace.
  public static func tokenizers(of workspace: Path) -> VersionStore {
    VersionStore(workspace / "tokenizers", kind: "tokenizer")
  }

  /// The names that have a version, sorted.
  public func names() throws -> [String] {
    guard Files.isDirectory(folder) else { return [] }
    return try Files.list(folder).filter { try !$0.hasPrefix(".") && !versions(of: $0).isEmpty }
  }

  /// The numbers of the versions of `name`, ascending.
  public func versions(of name: String) throws -> [Int] {
    let place = folder / name
    guard VersionStore.isName(name), Files.isDirectory(place) else { return [] }
    return try Files.list(place)
      .filter { $0.hasPrefix("v") }.compactMap(parseVersion).sorted()
  }

  /// The version made last.
  ///
  /// - Throws: ``Failure`` if there is none, with the nearest name that has one.
  public func latest(of name: String) throws -> Int {
    let versions = try versions(of: name)
    guard let highest = versions.last else { throw try unknown(name) }
    let note = folder / name / "latest"
    guard Files.exists(note), let text = try? Files.readText(note, limit: 64),
      let number = parseVersion(String(text.filter { !$0.isWhitespace })),
      versions.contains(number)
    else { return highest }
    return number
  }

  /// The folder of a version.
  public func path(of name: String, version: Int) -> Path { folder / name / versionName(version) }

  /// The name and number that `NAME`, `NAME@latest` or `NAME@v0003` stands for.
  ///
  /// - Throws: ``Failure`` if there is no such version.
  public func resolve(_ reference: String) throws -> (name: String, version: Int) {
    let parts = reference.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts.first ?? "")
    guard parts.count == 2, parts[1] != "latest" else { return (name, try latest(of: name)) }
    let versions = try versions(of: name)
    guard !versions.isEmpty else { throw try unknown(name) }
    guard let number = parseVersion(String(parts[1])), versions.contains(number) else {
      let known = versions.map(versionName).joined(separator: ", ")
      throw Failure(
        "the \(kind) \(name) has no version \(Sanitiser.visible(String(parts[1])))",
        remedy: "Choose one of \(known).")
    }
    return (name, number)
  }

  private func unknown(_ name: String) throws -> Failure {
    let names = try names()
    let problem = "there is no \(kind) \(Sanitiser.visible(name)) in \(folder)"
    if let near = nearest(to: name, among: names) {
      return Failure(problem, remedy: "Did you mean \(near)?")
    }
    return Failure(
      problem,
      remedy: names.isEmpty
        ? "Make one first." : "Choose one of \(names.joined(separator: ", ")).")
  }

  /// Whether a text can name a thing: letters, digits, `-`, `_` and `.`, not beginning with a dot.
  public static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 100 && !text.hasPrefix(".")
      && text.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || ("0"..."9").contains($0) || "-_.".unicodeScalars.contains($0)
      }
  }

  /// Begins a new version.
  ///
  /// - Parameter version: the number of the experiment that makes it.
  /// - Throws: ``Failure`` if the name is no name, or the version exists.
  public func begin(_ name: String, version: Int) throws -> StagedVersion {
    guard VersionStore.isName(name) else {
      throw Failure(
        "\(Sanitiser.visible(name)) cannot name a \(kind)",
        remedy: "Use letters, digits, '-', '_' and '.'.")
    }
    let target = path(of: name, version: version)
    guard !Files.exists(target) else {
      throw Failure(
        "\(target) exists already, and versions never change",
        remedy: "Make a new experiment, whose number becomes the new version.")
    }
    let staging = folder / name / ".\(versionName(version)).tmp"
    try Files.makeDirectory(folder / name)
    // What an interrupted attempt under the same number left behind.
    try Files.remove(staging)
    try Files.makeDirectory(staging)
    return StagedVersion(folder: staging, target: target)
  }
}

/// A version that is being written.
public struct StagedVersion: Sendable {
  /// Where to write.
  public let folder: Path
  /// Where it will be.
  public let target: Path

  /// Makes the version appear, and names it the latest.
  public func commit() throws {
    try Files.sync(folder)
    try Files.rename(folder, to: target)
    try Files.sync(target.parent)
    try Files.write(target.name + "\n", to: target.parent / "latest")
  }

  /// Removes what was written.
  public func abandon() {
    try? Files.remove(folder)
  }
}
