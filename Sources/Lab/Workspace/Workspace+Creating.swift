public import Base

extension Workspace {
  /// Makes a workspace in `folder`, which may exist; one that is a workspace already is opened as it is.
  ///
  /// - Parameter group: a group of the system that shares it: its folders get the group, its write
  ///   permission, and the setgid bit that hands the group on to what is made inside.
  /// - Throws: ``Failure`` if the folder cannot be made or the group is not known.
  public static func create(at folder: Path, group: String? = nil) throws -> Workspace {
    let root = folder.absolute
    if Files.exists(root / settingsName) { return try open(root) }
    let id = try group.map { try Group.id(named: $0) }
    let workspace = Workspace(root: root, isWritable: true, settings: WorkspaceSettings())
    let folders = [
      root, workspace.corpora, workspace.tokenizers, workspace.chats, workspace.models,
      workspace.experiments, workspace.numbers,
    ]
    for folder in folders {
      try Files.makeDirectory(folder)
      if let id { try Group.give(folder, to: id) }
    }
    if id != nil { Group.shareNewFiles(of: root) }
    // Last, because a folder is a workspace from the moment this file is there.
    _ = try Files.writeExclusively(Array(firstSettings.utf8), to: workspace.settingsFile)
    return try open(root)
  }

  private static let firstSettings = """
    # Settings of this workspace; docs/configuration.md lists them all.
    # theme: dusk
    # threads: 8
    # device: cpu

    """
}
