import Base
import Lab

extension ModelReference {
  /// Finds the model that a configuration names: as on the command line, but a path starts at the workspace.
  ///
  /// - Throws: `Failure` saying what was looked for.
  init(configured text: String, in workspace: Workspace) throws {
    let path = workspace.resolve(text)
    try self.init(Files.exists(path) ? path.string : text, in: workspace)
  }
}
