public import Base

/// A folder that holds everything about a group's models: corpora, tokenizers, experiments, chats.
///
/// Its files are the truth; `kaji.db` is an index over them that can be made again at any time.
public struct Workspace: Sendable {
  /// The folder, as an absolute path.
  public let root: Path
  /// Whether this user may write there; another user's workspace opens read-only.
  public let isWritable: Bool
  /// The content of `kaji.yaml`.
  public let settings: WorkspaceSettings

  /// Opens the workspace in `root`.
  ///
  /// In a workspace made for a group (see ``create(at:group:)``) the process's umask takes nothing from the
  /// group from here on, so that whatever it writes stays writable for the group.
  ///
  /// - Throws: ``Failure`` if there is none, or its settings cannot be read.
  public static func open(_ root: Path) throws -> Workspace {
    let root = root.absolute
    let file = root / settingsName
    guard Files.exists(file) else {
      throw Failure("\(root) is no workspace: it has no \(settingsName)", remedy: remedy)
    }
    let settings = try WorkspaceSettings(file)
    let isWritable = Files.isWritable(root) && Files.isWritable(root / "experiments")
    if isWritable { Group.shareNewFiles(of: root) }
    return Workspace(root: root, isWritable: isWritable, settings: settings)
  }

  /// Opens the workspace that `folder` lies in: its own, or that of the nearest folder above.
  ///
  /// - Throws: ``Failure`` if there is none.
  public static func find(from folder: Path = Path.currentFolder) throws -> Workspace {
    var candidate = folder.absolute
    while !Files.exists(candidate / settingsName) {
      guard candidate.parent != candidate else {
        throw Failure("no workspace in \(folder.absolute) or above it", remedy: remedy)
      }
      candidate = candidate.parent
    }
    return try open(candidate)
  }

  static let settingsName = "kaji.yaml"
  private static let remedy = "Make one with `kaji init`, or name one with --workspace."

  /// Refuses to go on in a workspace that this user may only read.
  public func requireWritable() throws {
    guard isWritable else {
      throw Failure(
        "the workspace \(root) is read-only for you",
        remedy: "Ask its owner for access, or work in one of your own (`kaji init`).")
    }
  }

  // MARK: Places

  public var settingsFile: Path { root / Self.settingsName }
  public var corpora: Path { root / "corpora" }
  public var tokenizers: Path { root / "tokenizers" }
  public var chats: Path { root / "chats" }
  public var models: Path { root / "models" }
  public var experiments: Path { root / "experiments" }
  /// Taken experiment numbers, one empty folder each.
  public var numbers: Path { experiments / ".numbers" }

  /// The versions of the workspace's corpora.
  public var corpusVersions: VersionStore { .corpora(of: root) }
  /// The versions of the workspace's tokenizers.
  public var tokenizerVersions: VersionStore { .tokenizers(of: root) }

  /// A path out of a configuration: relative ones start at the workspace, wherever the command runs.
  public func resolve(_ text: String) -> Path { (root / text).absolute }

  /// The way from the workspace to a path inside it; the whole path for one outside.
  public func relative(_ path: Path) -> String { path.relative(to: root) ?? path.absolute.string }

  /// Where the index is kept: in the workspace if that is writable and on a file system of this machine,
  /// else in the user's cache, because SQLite's locks are not to be trusted between hosts.
  public var databasePath: Path {
    if isWritable, Files.isOnLocalFileSystem(root) { return root / "kaji.db" }
    let cache =
      environment("XDG_CACHE_HOME").map { Path($0) }
      ?? Path(environment("HOME") ?? "/tmp") / ".cache"
    let digest = SHA256.hex(of: Array(root.string.utf8)).prefix(16)
    return cache / "kaji" / "\(root.name)-\(digest).db"
  }
}
