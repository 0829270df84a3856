public import Base
public import Lab

/// What a study trains on if nothing is named: the sample data.
public enum StudyMaterials {
  /// The corpus and tokenizer of the sample data in the workspace, made now if they are not there.
  ///
  /// - Throws: `Failure` if the sample data is missing.
  public static func sample(
    _ sampleData: Path, in workspace: Workspace, _ context: WorkContext,
    say: @escaping @Sendable (String) -> Void
  ) throws -> (corpus: String, tokenizer: String) {
    try Demo(in: workspace.root, sampleData: sampleData, preset: .full, context, say: say)
      .materials()
  }
}
