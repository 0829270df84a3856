import Base
import TestSupport
import Testing
import Training

/// docs/configuration.md against the keys that a configuration has once every default is spelt out.
@Suite("Documented keys") struct DocumentedKeysTests {
  /// The dotted keys of a configuration; the model's are Hugging Face's and count as one.
  private static func keys(_ json: JSON, _ prefix: String = "") -> [String] {
    guard case .object(let fields) = json, prefix != "model." else {
      return [String(prefix.dropLast())]
    }
    return fields.flatMap { keys($0.value, prefix + $0.key + ".") }
  }

  @Test func `each key of a training is described once, and no other`() throws {
    let least: JSON = [
      "steps": 1, "batch_size": 1, "sequence_length": 2, "tokenizer": "t",
      "data": ["corpus": "c"], "model": ["hidden_size": 8],
    ]
    let whole = try TrainingConfiguration(least, file: "f").json
    let text = try Files.readText(repositoryRoot / "docs/configuration.md")
    let section = try #require(
      text.split(separator: "## The configuration of a training run", maxSplits: 1).last)
    // The table of the run's own keys ends where the model's is announced.
    let table = try #require(section.split(separator: "`model` takes the keys").first)
    let documented = table.split(separator: "\n").filter { $0.hasPrefix("| `") }
      .map { String($0.dropFirst(3).prefix { $0 != "`" }) }
    #expect(documented.sorted() == Self.keys(whole).sorted())
  }
}
