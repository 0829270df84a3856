public import Base

/// The immutable versions of corpora or tokenizers: `NAME/v0003`, and `NAME/latest` that names one.
///
/// A version's number is that of the experiment that made it.
public struct Versions: Sendable {
  /// One version of one name.
  public struct Reference: Hashable, Sendable {
    public let name: String
    public let version: Int
    public let folder: Path

    /// `NAME@v0003`, as configurations and provenance name it.
    public var description: String { "\(name)@\(Versions.text(version))" }
  }

  /// The folder of all names.
  public let folder: Path
  /// What errors call one: "corpus" or "tokenizer".
  let what: String

  init(_ folder: Path, what: String) {
    self.folder = folder
    self.what = what
  }

  /// The names that have at least one version, sorted.
  public func names() throws -> [String] {
    guard Files.exists(folder) else { return [] }
    return try Files.list(folder).filter { name in
      !name.hasPrefix(".") && !(((try? versions(of: name)) ?? []).isEmpty)
    }
  }

  /// The complete versions of a name, ascending; a folder being written begins with a dot.
  public func versions(of name: String) throws -> [Int] {
    guard Files.isDirectory(folder / name) else { return [] }
    return try Files.list(folder / name).compactMap(Self.number).sorted()
  }

  /// The version that `latest` names; the greatest if there is no such file.
  ///
  /// - Throws: ``Failure`` if the name has no version.
  public func latest(of name: String) throws -> Int {
    let all = try versions(of: name)
    let named = (try? Files.readText(folder / name / "latest", limit: 64)).flatMap { text in
      Self.number(text.filter { !$0.isWhitespace })
    }
    if let named, all.contains(named) { return named }
    guard let last = all.last else { throw unknown(name) }
    return last
  }

  /// Makes `latest` name a version, which must be there.
  public func setLatest(_ version: Int, of name: String) throws {
    guard Files.isDirectory(folder(name, version)) else {
      throw Failure(
        "\(folder(name, version)) is not there, so it cannot be the latest",
        remedy: "Name one of the versions that are.")
    }
    try Files.write(Self.text(version) + "\n", to: folder / name / "latest")
  }

  /// The folder of a version.
  public func folder(_ name: String, _ version: Int) -> Path { folder / name / Self.text(version) }

  /// The folder in which a version is put together, renamed by ``publish(_:_:)``.
  ///
  /// - Throws: ``Failure`` if the name is not fit for a folder, or the version exists: it is immutable.
  public func draft(_ name: String, _ version: Int) throws -> Path {
    try Name.check(name, "\(what) name")
    guard !Files.exists(folder(name, version)) else {
      throw Failure(
        "\(folder(name, version)) exists, and a version never changes",
        remedy: "Make a new version under a new experiment number.")
    }
    let draft = folder / name / ".\(Self.text(version))"
    try Files.makeDirectory(draft)
    return draft
  }

  /// Turns the draft of a version into the version, and makes it the latest.
  public func publish(_ name: String, _ version: Int) throws {
    try Files.rename(folder / name / ".\(Self.text(version))", to: folder(name, version))
    try Files.sync(folder / name)
    try setLatest(version, of: name)
  }

  /// The version that a text names: `NAME` (its latest), `NAME@3` or `NAME@v0003`.
  ///
  /// - Throws: ``Failure``, with a suggestion if the name is nearly right.
  public func resolve(_ text: String) throws -> Reference {
    let parts = text.split(separator: "@", maxSplits: 1).map(String.init)
    guard let name = parts.first, !name.contains("/"), !name.hasPrefix(".") else {
      throw unknown(text)
    }
    let all = try versions(of: name)
    guard !all.isEmpty else { throw unknown(name) }
    guard parts.count == 2 else {
      let version = try latest(of: name)
      return Reference(name: name, version: version, folder: folder(name, version))
    }
    guard let version = Int(parts[1]) ?? Self.number(parts[1]), all.contains(version) else {
      throw Failure(
        "\(what) \(name) has no version \(Sanitiser.visible(parts[1]))",
        remedy: "Take one of \(all.map(Self.text).joined(separator: ", ")).")
    }
    return Reference(name: name, version: version, folder: folder(name, version))
  }

  private func unknown(_ name: String) -> Failure {
    let all = (try? names()) ?? []
    let hint = nearest(to: name, among: all).map { "Did you mean \"\($0)\"?" }
    let list = all.isEmpty ? "There is none yet." : "There are \(all.joined(separator: ", "))."
    return Failure(
      "the workspace has no \(what) \"\(Sanitiser.visible(name))\"", remedy: hint ?? list)
  }

  static func text(_ version: Int) -> String { "v" + Format.pad(version, 4) }

  static func number(_ text: String) -> Int? {
    guard text.hasPrefix("v"), text.count >= 5, text.dropFirst().allSatisfy(\.isWholeNumber)
    else { return nil }
    return Int(text.dropFirst())
  }
}
