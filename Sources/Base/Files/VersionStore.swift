/// Named things in numbered versions that never change: `FOLDER/NAME/v0003/`.
///
/// A version's number is that of the experiment that made it. A version appears whole: it is written
/// under a name that begins with a dot and then renamed. The file `latest` beside the versions names
/// the one to take where none is named.
public struct VersionStore: Sendable {
  /// One version of one name.
  public struct Reference: Hashable, Sendable, CustomStringConvertible {
    /// The name alone.
    public let name: String
    /// The number of the version.
    public let version: Int
    /// Where it is.
    public let folder: Path

    /// `NAME@v0003`, as configurations and provenance name it.
    public var description: String { "\(name)@\(versionName(version))" }
  }

  /// The folder of all names.
  public let folder: Path
  /// What errors call one of the things, as "corpus".
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

  // MARK: What is there

  /// The names that have a version, sorted.
  public func names() throws -> [String] {
    guard Files.isDirectory(folder) else { return [] }
    return try Files.list(folder).filter { try !versions(of: $0).isEmpty }
  }

  /// The numbers of the versions of `name`, ascending; one that is being written does not count.
  public func versions(of name: String) throws -> [Int] {
    let place = folder / name
    guard Name.isValid(name), Files.isDirectory(place) else { return [] }
    return try Files.list(place).filter { $0.hasPrefix("v") }.compactMap(parseVersion).sorted()
  }

  /// The version that `latest` names; the greatest if it names none that is there.
  ///
  /// - Throws: ``Failure`` if there is none, with the nearest name that has one.
  public func latest(of name: String) throws -> Int {
    let versions = try versions(of: name)
    guard let greatest = versions.last else { throw unknown(name) }
    let named = (try? Files.readText(folder / name / "latest", limit: 64)).flatMap { text in
      parseVersion(text.filter { !$0.isWhitespace })
    }
    return named.flatMap { versions.contains($0) ? $0 : nil } ?? greatest
  }

  /// As ``latest(of:)``; `nil` if `name` has no version.
  public func newest(of name: String) throws -> Int? {
    try versions(of: name).isEmpty ? nil : latest(of: name)
  }

  /// The folder of a version.
  public func path(of name: String, version: Int) -> Path { folder / name / versionName(version) }

  /// The version that `NAME`, `NAME@latest`, `NAME@3` or `NAME@v0003` stands for.
  ///
  /// - Throws: ``Failure`` if there is no such version, with a suggestion.
  public func resolve(_ reference: String) throws -> Reference {
    let parts = reference.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts.first ?? "")
    guard parts.count == 2, parts[1] != "latest" else {
      return self.reference(name, try latest(of: name))
    }
    let versions = try versions(of: name)
    guard !versions.isEmpty else { throw unknown(name) }
    guard let number = parseVersion(String(parts[1])), versions.contains(number) else {
      let known = versions.map(versionName).joined(separator: ", ")
      throw Failure(
        "the \(kind) \(name) has no version \(Sanitiser.visible(String(parts[1])))",
        remedy: "Choose one of \(known).")
    }
    return self.reference(name, number)
  }

  private func reference(_ name: String, _ version: Int) -> Reference {
    Reference(name: name, version: version, folder: path(of: name, version: version))
  }

  private func unknown(_ name: String) -> Failure {
    let names = (try? names()) ?? []
    let hint = nearest(to: name, among: names).map { "Did you mean \($0)?" }
    let list = names.isEmpty ? "Make one first." : "Choose one of \(names.joined(separator: ", "))."
    return Failure(
      "there is no \(kind) \(Sanitiser.visible(name)) in \(folder)", remedy: hint ?? list)
  }

  // MARK: What was cut short

  /// The folder of a version that an attempt cut short had made whole, if there is one; its making is completed:
  /// ``latest(of:)`` is that version or a greater one from here on.
  public func completed(_ name: String, version: Int) throws -> Path? {
    let folder = path(of: name, version: version)
    guard Files.isDirectory(folder) else { return nil }
    if try latest(of: name) <= version { try setLatest(version, of: name) }
    return folder
  }

  /// The numbers of versions of `name` that were begun and have not appeared, ascending.
  public func drafts(of name: String) throws -> [Int] {
    let place = folder / name
    guard Name.isValid(name), Files.isDirectory(place) else { return [] }
    return try Files.list(place).compactMap { file in
      guard file.hasPrefix(".v"), file.hasSuffix(".tmp") else { return nil }
      return parseVersion(String(file.dropFirst().dropLast(4)))
    }.sorted()
  }

  /// Removes what was written of a version that has not appeared.
  public func removeDraft(of name: String, version: Int) throws {
    try Files.remove(draft(of: name, version: version))
  }

  private func draft(of name: String, version: Int) -> Path {
    folder / name / ".\(versionName(version)).tmp"
  }

  // MARK: Making one

  /// Makes `latest` name a version.
  ///
  /// - Throws: ``Failure`` if the version is not there.
  public func setLatest(_ version: Int, of name: String) throws {
    let target = path(of: name, version: version)
    guard Files.isDirectory(target) else {
      throw Failure(
        "\(target) is not there, so it cannot be the latest",
        remedy: "Name one of the versions that are.")
    }
    try Files.write(target.name + "\n", to: target.parent / "latest")
  }

  /// Begins a new version.
  ///
  /// - Parameter version: the number of the experiment that makes it.
  /// - Throws: ``Failure`` if the name is no name, or the version exists.
  public func begin(_ name: String, version: Int) throws -> StagedVersion {
    try Name.check(name, kind)
    let target = path(of: name, version: version)
    guard !Files.exists(target) else {
      throw Failure(
        "\(target) exists already, and versions never change",
        remedy: "Make a new experiment, whose number becomes the new version.")
    }
    let staging = draft(of: name, version: version)
    try Files.makeDirectory(folder / name)
    // What an interrupted attempt under the same number left behind.
    try Files.remove(staging)
    try Files.makeDirectory(staging)
    return StagedVersion(
      folder: staging, store: self, result: reference(name, version))
  }
}

/// A version that is being written.
public struct StagedVersion: Sendable {
  /// Where to write.
  public let folder: Path
  let store: VersionStore
  let result: VersionStore.Reference

  /// Where it will be.
  public var target: Path { result.folder }

  /// Makes the version appear, and names it the latest unless a greater one is.
  public func commit() throws {
    let lock = try ChangeLock(on: target.parent / "latest")
    try appear(lock)
  }

  /// Makes the version appear if `parent`, of which it holds everything, still is the latest.
  ///
  /// - Parameter parent: `nil`: that the name had no version.
  /// - Returns: `false` if another version has appeared since, which this one would hide; nothing is changed then.
  public func commit(succeeding parent: Int?) throws -> Bool {
    let lock = try ChangeLock(on: target.parent / "latest")
    guard try store.newest(of: result.name) == parent else { return false }
    try appear(lock)
    return true
  }

  private func appear(_ lock: borrowing ChangeLock) throws {
    try Files.sync(folder)
    let latest = try store.newest(of: result.name)
    guard lock.isHeld else {
      throw Failure(
        "another process has taken over the versions of \(result.name)", remedy: "Try again.")
    }
    try Files.rename(folder, to: target)
    if result.version > latest ?? 0 { try store.setLatest(result.version, of: result.name) }
  }

  /// Removes what was written.
  public func abandon() {
    try? Files.remove(folder)
  }
}

/// The folder name of a version: `v0003`.
public func versionName(_ number: Int) -> String { "v" + Format.pad(number, 4) }

/// The number of a version written `v0003`, `v3` or `3`.
public func parseVersion(_ text: String) -> Int? {
  let digits = text.hasPrefix("v") ? text.dropFirst() : Substring(text)
  guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
  return Int(digits)
}
