public import Base

/// A chat template that cannot be read or rendered.
public struct TemplateError: Diagnosis, Equatable {
  /// The line of the template, from 1.
  public let line: Int
  public let reason: String

  public var problem: String { "the chat template at line \(line) \(reason)" }
  public var remedy: String {
    "mend the template, or use one within docs/formats.md's subset of Jinja"
  }
}
