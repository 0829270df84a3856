import Base

/// What of a text is compared: llm-jp-eval's post-processing, version 1.3.
public enum Answer {
  /// The answer in a generated text: what stands before the first blank line, without the white
  /// space around it, in NFKC.
  public static func prediction(from generation: String) -> String {
    let scalars = Array(generation.unicodeScalars)
    let end = scalars.indices.first {
      scalars[$0] == "\n" && $0 + 1 < scalars.count && scalars[$0 + 1] == "\n"
    }
    var text = ""
    text.unicodeScalars.append(contentsOf: PythonText.strip(scalars[..<(end ?? scalars.count)]))
    return nfkc(text)
  }

  /// The expected answer in NFKC; its white space stays.
  public static func gold(_ output: String) -> String { nfkc(output) }
}
