/// How far a document may be used and passed on, after LLM-jp's release levels.
///
/// | level | train | test | search | show | distribute |
/// |-------|-------|------|--------|------|------------|
/// | L1    | yes   | yes  | yes    | yes  | yes        |
/// | L2    | yes   | yes  | yes    | yes  | no         |
/// | L3    | yes   | no   | no     | no   | no         |
/// | LX    | no    | yes  | no     | no   | no         |
/// | LZ    | no    | no   | no     | no   | no         |
public enum ReleaseLevel: String, Sendable, CaseIterable, Codable {
  case L1, L2, L3, LX, LZ

  /// Whether text of this level may be read for `purpose`.
  public func allows(_ purpose: Purpose) -> Bool {
    switch (self, purpose) {
    case (.L1, _): true
    case (.L2, .distribute): false
    case (.L2, _): true
    case (.L3, .train): true
    case (.LX, .test): true
    default: false
    }
  }
}

/// What a text is wanted for.
public enum Purpose: String, Sendable, CaseIterable, Codable {
  /// Tokenizer training, pre-training, tuning.
  case train
  /// Validation and evaluation.
  case test
  /// An index that finds it.
  case search
  /// A screen or terminal.
  case show
  /// A file that leaves the workspace.
  case distribute
}
